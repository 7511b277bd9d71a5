/**
 * Requests a second and processor time a sample of `assay run`, against a local server that answers at once.
 *
 * node scripts/bench/requests.ts [--items 20000] [--concurrency 64,512] [--cache]
 *
 * The server is a process of its own; its share isn't in the processor time. Everything is measured as a user has it: prompts
 * are rendered, responses scored, every sample journaled, shards and record written.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough } from "node:stream";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { main } from "../../harness/cli/main.ts";
import { Terminal } from "../../harness/cli/terminal.ts";
import { writeLocalTask } from "./local-task.ts";

const { values } = parseArgs({
  options: {
    items: { type: "string", default: "20000" },
    concurrency: { type: "string", default: "64,512" },
    cache: { type: "boolean", default: false },
  },
});
const items = Number(values.items);
const serverScript = fileURLToPath(new URL("../../harness/cli/testing/model-server.ts", import.meta.url));
const server = spawn(process.execPath, [serverScript, "Answer: 5"], { stdio: ["ignore", "pipe", "inherit"] });
const [url] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
const tasks = await writeLocalTask(items);

async function measure(concurrency: number, count: number): Promise<{ seconds: number; cpu: number }> {
  const folder = mkdtempSync(join(tmpdir(), "assay-bench-results-"));
  process.env.XDG_CACHE_HOME = folder;
  const [out, err] = [new PassThrough().resume(), new PassThrough().resume()];
  const started = performance.now();
  const before = process.cpuUsage();
  const flags = ["--tasks", tasks, "--results", folder, "--concurrency", String(concurrency), "--limit", String(count)];
  const command = [
    "run",
    "sums",
    "--model",
    "openai/m",
    "--base-url",
    url,
    ...flags,
    ...(values.cache ? [] : ["--no-cache"]),
  ];
  const code = await main(command, new Terminal(out, err as unknown as NodeJS.WriteStream));
  if (code !== 0) throw new Error(`the run ended with exit code ${code}`);
  const { user, system } = process.cpuUsage(before);
  rmSync(folder, { recursive: true });
  return { seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
}

await measure(64, Math.min(items, 2000));
for (const concurrency of values.concurrency.split(",").map(Number)) {
  const { seconds, cpu } = await measure(concurrency, items);
  console.log(
    `concurrency ${concurrency}: ${Math.round(items / seconds)} requests/s, ${((1000 * cpu) / items).toFixed(3)} ms CPU a sample, ${items} samples in ${seconds.toFixed(1)} s`,
  );
}
server.kill();
rmSync(tasks, { recursive: true });
