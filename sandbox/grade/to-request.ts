import { createHash } from "node:crypto";
import type { BoxRequest } from "../box/box.ts";
import { gradingOf, type Job, resolveLimits } from "../job.ts";
import { isToolchainLanguage, recipeFor, type ToolchainLanguage } from "./languages.ts";
import { toolchainRequests } from "./toolchain-requests.ts";
import { UnsupportedJob } from "./unsupported-job.ts";

const STACK_MIB = 64;
/** A case's whole stdout is compared, so more of it is kept than is shown. */
const STDIO_KEEP = 4 * 2 ** 20;

function common(job: Job): Pick<BoxRequest, "code" | "keep" | "limits"> {
  const limits = resolveLimits(job.limits);
  return {
    code: job.code,
    keep: Math.min(limits.outputBytes, STDIO_KEEP),
    limits: {
      cpu: limits.cpuSeconds,
      wall: limits.wallSeconds,
      addressSpace: limits.addressSpaceMiB,
      processes: limits.processes,
      stack: STACK_MIB,
    },
  };
}

function withTask(request: Pick<BoxRequest, "code" | "keep" | "limits">, task: object): BoxRequest {
  const key = createHash("sha256").update(JSON.stringify(task)).digest("base64url");
  return { ...request, mode: "split", key, task };
}

function pythonRequests(job: Job): BoxRequest[] {
  const base = common(job);
  const { tests } = job;
  switch (tests.kind) {
    case "stdio":
      return tests.cases.map(({ stdin }) => ({ ...base, mode: "stdio", stdin, keep: STDIO_KEEP }));
    case "exec":
      return [{ ...base, mode: "stdio" }];
    case "check": {
      const setup = tests.setup ?? "";
      if (gradingOf(job) === "in_process") {
        return [{ ...base, mode: "in_process", tests: `${tests.source}\ncheck(${tests.entryPoint})\n` }];
      }
      return [withTask(base, { kind: "check", setup, tests: tests.source, names: [tests.entryPoint] })];
    }
    case "asserts": {
      const source = tests.asserts.join("\n");
      const setup = tests.setup ?? "";
      if (gradingOf(job) === "in_process") return [{ ...base, mode: "in_process", tests: `${setup}\n${source}\n` }];
      return [withTask(base, { kind: "asserts", setup, tests: source, names: tests.names ?? [] })];
    }
    default:
      throw new UnsupportedJob(`tests of kind "${tests.kind}" are not for Python`);
  }
}

function isolateRequest(job: Job): BoxRequest & { split: boolean; typescript: boolean } {
  const { tests } = job;
  if (tests.kind !== "script" && tests.kind !== "exec") {
    throw new UnsupportedJob(`tests of kind "${tests.kind}" are not for ${job.language}`);
  }
  const split = tests.kind === "script" && gradingOf(job) === "split";
  const parts =
    tests.kind === "script"
      ? { tests: `${tests.setup ?? ""}\n${tests.source}`, names: tests.names }
      : { tests: "", names: [] };
  const bad = parts.names.find((name) => !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name));
  if (bad !== undefined) throw new UnsupportedJob(`"${bad}" is not a JavaScript name`);
  return { ...common(job), mode: "isolate", ...parts, split, typescript: job.language === "typescript" };
}

/**
 * Refuses a job before any box or image is looked for.
 *
 * @throws UnsupportedJob
 */
export function checkJob(job: Job): void {
  // Most jobs are Python: their requests hold hashes of whole test suites and are made only once.
  const fits = job.language === "python" ? job.tests.kind !== "script" : toRequests(job).length > 0;
  if (!fits) throw new UnsupportedJob(`tests of kind "${job.tests.kind}" are not for ${job.language}`);
}

/**
 * What a box is asked to do for a job: one request, or one per stdin/stdout case.
 *
 * @throws UnsupportedJob
 */
export function toRequests(job: Job): BoxRequest[] {
  if (job.language === "python") return pythonRequests(job);
  if (!isToolchainLanguage(job.language)) return [isolateRequest(job)];
  const { addressSpaceMiB } = recipeFor(job.language);
  const limits = { ...job.limits, addressSpaceMiB: job.limits?.addressSpaceMiB ?? addressSpaceMiB };
  const whole = { ...job, limits } as Job & { language: ToolchainLanguage };
  return toolchainRequests(common(whole), whole);
}
