/**
 * Time to build every request of a benchmark, nothing asked: by default the whole of MMLU, five shots.
 *
 * node scripts/bench/planning.ts [--task mmlu@lm-eval] [--shots 5] [--rounds 3]
 *
 * The data must be fetched already (`assay data pull mmlu`). `prepare` reads and hashes all rows, `plan` renders every prompt
 * and hashes every request.
 */
import { parseArgs } from "node:util";
import { planRequests, prepare } from "../../harness/run/index.ts";
import { bundledTasks, resolve } from "../../harness/task/index.ts";

const { values } = parseArgs({
  options: {
    task: { type: "string", default: "mmlu@lm-eval" },
    shots: { type: "string", default: "5" },
    rounds: { type: "string", default: "3" },
  },
});
const flags = [{ path: ["shots", "count"], value: Number(values.shots), by: `--shots ${values.shots}` }];

for (let round = 0; round < Number(values.rounds); round += 1) {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const resolved = resolve(values.task, { roots: [bundledTasks], flags });
  const prepared = await prepare(resolved, { provider: "none", name: "none", baseUrl: null, options: {} });
  const read = performance.now();
  let [items, requests, characters] = [0, 0, 0];
  for await (const { request } of planRequests(prepared)) {
    items += 1;
    requests += "continuations" in request ? request.continuations.length : 1;
    characters += "prompt" in request ? request.prompt.length : 0;
  }
  const done = performance.now();
  const { user, system } = process.cpuUsage(before);
  console.log(
    `${values.task} --shots ${values.shots}: ${items} items, ${requests} requests, ${(characters / 1e6).toFixed(1)} M characters: prepare ${Math.round(read - started)} ms, plan ${Math.round(done - read)} ms, together ${((done - started) / 1000).toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} s CPU`,
  );
}
