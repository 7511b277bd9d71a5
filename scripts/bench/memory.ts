/**
 * Peak memory of `assay run` by number of items: it should not grow with them.
 *
 * node scripts/bench/memory.ts [--items 14042,100000,1000000]
 *
 * Each size is a process of its own (this file again, with `--measure`), over a local JSONL file, asked of an embedded baseline.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { main } from "../../harness/cli/main.ts";
import { Terminal } from "../../harness/cli/terminal.ts";
import { writeLocalTask } from "./local-task.ts";

const { values } = parseArgs({
  options: { items: { type: "string", default: "14042,100000,1000000" }, measure: { type: "string" } },
});

async function measure(tasks: string): Promise<void> {
  const results = mkdtempSync(join(tmpdir(), "assay-bench-results-"));
  const [out, err] = [new PassThrough().resume(), new PassThrough().resume()];
  const started = performance.now();
  const command = ["run", "sums", "--model", "baseline/first", "--tasks", tasks, "--results", results];
  const code = await main(command, new Terminal(out, err as unknown as NodeJS.WriteStream));
  rmSync(results, { recursive: true });
  if (code !== 0) throw new Error(`the run ended with exit code ${code}`);
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const cpu = (userCPUTime + systemCPUTime) / 1e6;
  console.log(
    `peak ${Math.round(maxRSS / 1024)} MiB, ${((performance.now() - started) / 1000).toFixed(1)} s, ${cpu.toFixed(1)} s CPU`,
  );
}

if (values.measure !== undefined) await measure(values.measure);
else {
  for (const items of values.items.split(",").map(Number)) {
    const tasks = await writeLocalTask(items);
    const line = execFileSync(process.execPath, [fileURLToPath(import.meta.url), "--measure", tasks], {
      encoding: "utf8",
    });
    console.log(`${items.toLocaleString("en")} items: ${line.trim()}`);
    rmSync(tasks, { recursive: true });
  }
}
