import { createHash } from "node:crypto";
import type { BoxRequest } from "../box/box.ts";
import { gradingOf, type Job, type ScriptTests } from "../job.ts";
import { recipeFor, type ToolchainLanguage } from "./languages.ts";
import { UnsupportedJob } from "./unsupported-job.ts";

/** Compilers take longer than programs, and their time is not the program's. */
const BUILD_LIMITS = { cpu: 30, wall: 60, addressSpace: 16_384, processes: 40 };
const STDIO_KEEP = 4 * 2 ** 20;
const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

type Common = Pick<BoxRequest, "code" | "keep" | "limits">;

/** Tests that call functions need the tests' language and the candidate's to be one and to share nothing: only shells do. */
function shellRequest(base: Common, job: Job, tests: ScriptTests): BoxRequest {
  if (job.language !== "bash") throw new UnsupportedJob(`tests of kind "script" are not for ${job.language}`);
  const bad = tests.names.find((name) => !SHELL_NAME.test(name));
  if (bad !== undefined) throw new UnsupportedJob(`"${bad}" is not a name of a shell function`);
  const { file, run } = recipeFor("bash");
  const source = `${tests.setup ?? ""}\n${tests.source}`;
  if (gradingOf(job) === "split") {
    return { ...base, keep: STDIO_KEEP, mode: "shell", file, run, names: tests.names, tests: source };
  }
  return { ...base, mode: "program", file, run, code: `${job.code}\n${source}\n` };
}

/**
 * Requests for a language with tools of its own: a build where there is one, then a run per stdin/stdout case or one.
 *
 * @throws UnsupportedJob
 */
export function toolchainRequests(base: Common, job: Job & { language: ToolchainLanguage }): BoxRequest[] {
  const { tests } = job;
  if (tests.kind === "script") return [shellRequest(base, job, tests)];
  if (tests.kind !== "stdio" && tests.kind !== "exec") {
    throw new UnsupportedJob(`tests of kind "${tests.kind}" are not for ${job.language}`);
  }
  const { file, build, run } = recipeFor(job.language, job.code);
  const key = createHash("sha256").update(`${job.language}\0${job.code}`).digest("base64url");
  const program: BoxRequest = build
    ? { ...base, code: "", mode: "program", run, key }
    : { ...base, mode: "program", file, run };
  const inputs =
    tests.kind === "stdio" ? tests.cases.map(({ stdin }) => ({ ...program, keep: STDIO_KEEP, stdin })) : [program];
  if (build === undefined) return inputs;
  const limits = { ...base.limits, ...BUILD_LIMITS };
  return [{ ...base, mode: "build", limits, file, build, key }, ...inputs];
}
