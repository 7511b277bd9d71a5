import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const cli = fileURLToPath(new URL("./assay.mjs", import.meta.url));
/** Prints what is loaded, one address a line on stderr. */
const spy = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  registerHooks({ load(url, context, next) { process.stderr.write("loaded " + url + "\\n"); return next(url, context); } });
`)}`;

function loadedBy(...argv: string[]): { out: string; loaded: string[] } {
  const { stdout, stderr } = spawnSync(process.execPath, ["--import", spy, cli, ...argv], { encoding: "utf8" });
  return { out: stdout, loaded: stderr.split("\n").filter((line) => line.startsWith("loaded ")) };
}

test.each([["--help"], ["run", "--help"], ["--version"]])(
  "`%s %s` loads the command line and nothing behind it",
  (...argv) => {
    const { out, loaded } = loadedBy(...argv.filter((argument) => argument !== undefined));
    expect(out.length).toBeGreaterThan(3);
    const ours = loaded.filter((line) => /harness|sandbox|site/.test(line) && !line.includes("node_modules"));
    expect(ours.length).toBeGreaterThan(3);
    expect(ours.filter((line) => !line.includes("/harness/cli/"))).toEqual([]);
    expect(loaded.filter((line) => /zod|undici|sqlite|huggingface/.test(line))).toEqual([]);
  },
);

test("help names every command, and a command's help shows examples", () => {
  const { out } = loadedBy("--help");
  for (const command of ["quickstart", "run", "show", "tasks", "score", "data", "cache", "site", "sandbox", "doctor"])
    expect(out).toMatch(new RegExp(`^  ${command}\\b`, "m"));
  expect(loadedBy("run", "--help").out).toContain("$ assay run gsm8k mmlu");
});

test("a reader that closes early ends a command quietly", () => {
  const script = `"$0" "$1" schema | head -1`;
  const { stdout, stderr } = spawnSync("/bin/sh", ["-c", script, process.execPath, cli], { encoding: "utf8" });
  expect(stdout).toBe("{\n");
  expect(stderr).toBe("");
});

test("code is compiled once, where that can be kept, and every time elsewhere", () => {
  const caches = mkdtempSync(join(tmpdir(), "assay-caches-"));
  const { NODE_COMPILE_CACHE: _elsewhere, NODE_DISABLE_COMPILE_CACHE: _never, ...env } = process.env;
  const versionWith = (folder: string) =>
    spawnSync(process.execPath, [cli, "--version"], { encoding: "utf8", env: { ...env, XDG_CACHE_HOME: folder } });
  const { stdout } = versionWith(caches);
  expect(readdirSync(join(caches, "assay/compiled"))).toHaveLength(1);
  for (const folder of [caches, "/proc/assay", join(caches, "missing/deep"), cli, "/dev/null"])
    expect(versionWith(folder)).toMatchObject({ status: 0, stdout, stderr: "" });
});

test.runIf(existsSync("/dev/full"))("data that can't be written is no failed gate, and no talk is no fault", () => {
  const shell = (script: string) =>
    spawnSync("/bin/sh", ["-c", script, process.execPath, cli], { encoding: "utf8", cwd: tmpdir() });
  const full = shell(`"$0" "$1" schema > /dev/full`);
  expect(full).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^✗ What was asked for can't be written.*ENOSPC/),
  });
  expect(shell(`"$0" "$1" tasks nope 2> /dev/full`).status).toBe(2);
  expect(shell(`"$0" "$1" schema 2>&- | head -1`)).toMatchObject({ status: 0, stdout: "{\n" });
  const gone = shell(`folder=$(mktemp -d) && cd "$folder" && rmdir "$folder" && "$0" "$1" tasks`);
  expect(gone).toMatchObject({ status: 2, stderr: expect.stringContaining("The working directory is gone.") });
});

test("what nobody caught is said to be our fault, and no failed gate", () => {
  const thrower = `data:text/javascript,${encodeURIComponent('setTimeout(() => { throw new Error("planted"); })')}`;
  const { status, stderr } = spawnSync(process.execPath, ["--import", thrower, cli, "doctor"], { encoding: "utf8" });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^✗ This is a fault of Assay itself\. .*\nError: planted\n {4}at/);
});
