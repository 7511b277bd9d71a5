import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { InputError } from "@assay/harness/contracts";
import type { Published } from "./site-tree.ts";
import type { ReadFile } from "./unexplained-changes.ts";

const run = promisify(execFile);
const branch = "gh-pages";

/**
 * Commits a site to the branch `gh-pages` of a repository without touching its work tree, index or current branch. The
 * branch holds the site and `.nojekyll`, which keeps GitHub from dropping folders that start with an underscore. Pushing is
 * left to the user.
 *
 * @throws InputError `PUBLISH_GIT` in git's words
 */
export async function publishToBranch(out: string, repository: string): Promise<Published> {
  const scratch = mkdtempSync(join(tmpdir(), "assay-publish-"));
  const environment = { ...process.env, GIT_INDEX_FILE: join(scratch, "index") };
  const git = (...args: string[]) => runGit(repository, args, environment);
  try {
    const folder = await git("rev-parse", "--absolute-git-dir");
    const staged = (...args: string[]) => git(`--git-dir=${folder}`, `--work-tree=${resolve(out)}`, ...args);
    await staged("add", "--all", "--force", resolve(out));
    const empty = await runGit(repository, ["hash-object", "-w", "--stdin"], environment);
    await staged("update-index", "--add", "--cacheinfo", `100644,${empty},.nojekyll`);
    const tree = await git("write-tree");
    const parent = await git("rev-parse", "--verify", "--quiet", `refs/heads/${branch}`).catch(() => "");
    const counts = await countChanges(git, parent, tree);
    if (counts.changed + counts.removed > 0 || parent === "") {
      const commit = await git("commit-tree", tree, ...(parent ? ["-p", parent] : []), "-m", "Publish the site");
      await git("update-ref", `refs/heads/${branch}`, commit, parent);
    }
    return { where: `branch ${branch}; to show it: git push origin ${branch}`, ...counts };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Reads files of the branch as it is. */
export function branchReader(repository: string): ReadFile {
  return (path) => runGit(repository, ["show", `${branch}:${path}`], process.env).catch(() => null);
}

type Git = (...args: string[]) => Promise<string>;

async function countChanges(git: Git, parent: string, tree: string): Promise<Omit<Published, "where">> {
  const all = (await git("ls-tree", "-r", "--name-only", tree)).split("\n").length;
  if (parent === "") return { changed: all, removed: 0, unchanged: 0 };
  const lines = (await git("diff-tree", "-r", "--name-status", "--no-renames", parent, tree))
    .split("\n")
    .filter(Boolean);
  const removed = lines.filter((line) => line.startsWith("D")).length;
  const changed = lines.length - removed;
  return { changed, removed, unchanged: all - changed };
}

async function runGit(repository: string, args: string[], environment: NodeJS.ProcessEnv): Promise<string> {
  try {
    const task = run("git", ["-C", repository, ...args], { env: environment, maxBuffer: 2 ** 28 });
    task.child.stdin?.end();
    return (await task).stdout.trim();
  } catch (cause) {
    const words = (cause as { stderr?: string }).stderr?.trim() || (cause as Error).message;
    throw new InputError({
      code: "PUBLISH_GIT",
      what: "Git refused.",
      why: words.split("\n")[0] ?? words,
      fix: "Name a git repository that you may commit to: assay site publish github-pages .",
      cause,
    });
  }
}
