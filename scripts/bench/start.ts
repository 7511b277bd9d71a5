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

const times = commands.map((): number[] => []);
for (let round = 0; round < Number(values.rounds); round += 1) {
  for (const [index, [, args]] of commands.entries()) {
    const started = performance.now();
    spawnSync(process.execPath, args, { stdio: "ignore" });
    times[index]?.push(performance.now() - started);
  }
}
for (const [index, [name]] of commands.entries()) {
  const sorted = (times[index] ?? []).toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN);
  console.log(`${name}: median ${at(0.5)} ms, fastest ${at(0)} ms`);
}
