import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { RunRecord } from "../contracts/index.ts";
import { sha256 } from "../record/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const manifest = fileURLToPath(new URL("../package.json", import.meta.url));

/** Version of this harness, as its package says. */
function harnessVersion(): string {
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

let known: Promise<RunRecord["environment"]> | undefined;

/** What the harness itself is and runs on, looked up once a process. What can't be told is `null`. */
export function readEnvironment(): Promise<RunRecord["environment"]> {
  known ??= lookUp();
  return known;
}

async function lookUp(): Promise<RunRecord["environment"]> {
  const lock = `${root}/package-lock.json`;
  return {
    assay: harnessVersion(),
    lockSha256: existsSync(lock) ? sha256(readFileSync(lock)) : null,
    git: await gitState(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpus: availableParallelism(),
  };
}

/** Commit of the harness's own checkout: the code that scores, not the folder that the user stands in. */
async function gitState(): Promise<RunRecord["environment"]["git"]> {
  // Git's own variables (in a hook, say) name the user's checkout, and a look must not lock ours.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));
  const git = async (...args: string[]) =>
    (await promisify(execFile)("git", ["--no-optional-locks", "-C", root, ...args], { env })).stdout.trim();
  try {
    const commit = await git("rev-parse", "HEAD");
    return { commit, dirty: (await git("status", "--porcelain", "--untracked-files=no", "--", ":!results")) !== "" };
  } catch {
    return null;
  }
}
