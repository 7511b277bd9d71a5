/**
 * Time of commands that a person waits for at the prompt.
 *
 * node scripts/bench/start.ts [--rounds 15]
 *
 * Each command runs in a process of its own, the rounds interleaved; the median is told, and an empty Node beside it.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "15" } } });
const cli = fileURLToPath(new URL("../../harness/cli/assay.mjs", import.meta.url));
const commands: [string, string[]][] = [
  ["node -e 0", ["-e", "0"]],
  ["assay --help", [cli, "--help"]],
  ["assay run --help", [cli, "run", "--help"]],
  ["assay tasks", [cli, "tasks"]],
];

/** `times` of the shell tells the processor time of its child, which a loaded machine doesn't stretch. */
function cpuMs(args: readonly string[]): number {
  const script = '"$0" "$@" >/dev/null 2>&1; times';
  const { stdout } = spawnSync("/bin/sh", ["-c", script, process.execPath, ...args], { encoding: "utf8" });
  const [, children = ""] = stdout.split("\n");
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60_000 * Number(minutes) + 1000 * Number(seconds),
    0,
  );
}

const wall = commands.map((): number[] => []);
const cpu = commands.map((): number[] => []);
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const [index, [, args]] of commands.entries()) {
    const started = performance.now();
    cpu[index]?.push(cpuMs(args));
    wall[index]?.push(performance.now() - started);
  }
}
const median = (times: number[] = []) => Math.round(times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN);
for (const [index, [name]] of commands.entries())
  console.log(
    `${name}: ${median(wall[index])} ms (fastest ${Math.round(Math.min(...(wall[index] ?? [])))}), ${median(cpu[index])} ms CPU`,
  );
