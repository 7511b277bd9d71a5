import { sandboxStatus } from "@assay/sandbox";
import { flags, type Options } from "../flags.ts";
import type { Terminal } from "../terminal.ts";
import { run as runCommand } from "./run.ts";
import { sandboxSummary } from "./sandbox.ts";
import { run as siteCommand } from "./site.ts";

const suite = ["starter-arithmetic", "starter-choice", "starter-choice@cloze"];
const models = ["random", "first", "longest", "majority", "ngram"].map((name) => `baseline/${name}`);

/**
 * `assay quickstart`: our own starter tasks over the embedded baselines, real records, the site. No key, no download.
 * Code problems run where a container engine is; elsewhere they are said to be left out, with the reason.
 */
export async function run(_args: string[], options: Options, terminal: Terminal): Promise<number> {
  terminal.say("Starter tasks over the embedded baselines: they are the floor that a real model must beat.\n");
  const shared: Options = {
    ...options,
    // The repository's own results hold these very runs: apart from them there is something to see.
    results: options.results === flags.results.default ? "dist/quickstart" : options.results,
    cache: false,
    timeout: flags.timeout.default,
    retries: flags.retries.default,
    json: false,
  };
  const code = await runCommand(suite, { ...shared, model: models }, terminal);
  if (code !== 0) return code;
  await runCode(shared, terminal);
  await siteCommand(["build"], shared, terminal);
  terminal.say(`
Look at the site:            npx assay site dev --results ${shared.results} --out ${options.out}
See what was asked:          npx assay show starter-arithmetic --item 3
Ask a model of your own:     npx assay run starter-arithmetic --model openai/<name> --base-url http://localhost:8000/v1
See which benchmarks exist:  npx assay tasks`);
  return 0;
}

async function runCode(options: Options, terminal: Terminal): Promise<void> {
  const status = await sandboxStatus();
  if (!status.usable) {
    terminal.say(`\nstarter-code was not run: ${sandboxSummary(status)}\n`);
    return;
  }
  await runCommand(["starter-code"], { ...options, model: models }, terminal);
}
