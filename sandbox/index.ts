export { type BuildOptions, buildImages } from "./build-images.ts";
export type { Engine } from "./engine/discover.ts";
export type { SandboxIdentity } from "./engine/identity.ts";
export type { ImageIdentity } from "./engine/images.ts";
export { TOOLCHAIN_LANGUAGES, type ToolchainLanguage } from "./grade/languages.ts";
export { UnsupportedJob } from "./grade/unsupported-job.ts";
export type { AssertTests, CheckTests, ExecTests, Grading, Job, Limits, ScriptTests, StdioTests } from "./job.ts";
export { openSandbox, type Sandbox, type SandboxOptions } from "./open-sandbox.ts";
export { type LogParser, logParsers } from "./repository/log-parsers.ts";
export {
  openRepositories,
  type Repositories,
  type RepositoriesOptions,
  type Workspace,
} from "./repository/open-repositories.ts";
export type { RepositoryInstance, RepositoryJob, RepositoryVerdict, TestCounts } from "./repository/repository-job.ts";
export { type EngineAttempt, SandboxUnavailable } from "./sandbox-unavailable.ts";
export { pruneSandbox, type SandboxStatus, sandboxStatus } from "./status.ts";
export type { CapturedText, Verdict, VerdictStatus } from "./verdict.ts";
