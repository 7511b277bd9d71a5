export type { Engine } from "./engine/discover.ts";
export type { SandboxIdentity } from "./engine/identity.ts";
export type { ImageIdentity } from "./engine/images.ts";
export { UnsupportedJob } from "./grade/to-request.ts";
export type { AssertTests, CheckTests, ExecTests, Grading, Job, Limits, ScriptTests, StdioTests } from "./job.ts";
export { openSandbox, type Sandbox, type SandboxOptions } from "./open-sandbox.ts";
export { type EngineAttempt, SandboxUnavailable } from "./sandbox-unavailable.ts";
export type { CapturedText, Verdict, VerdictStatus } from "./verdict.ts";
