import { InputError } from "../../contracts/index.ts";
import { findCorpusFiles } from "../../data/index.ts";
import { readSamples } from "../../record/index.ts";
import { type Prepared, prepare } from "../../run/index.ts";
import { clopperPearson } from "../../stats/index.ts";
import {
  type Coverage,
  contaminationVersion,
  type Impact,
  impactOn,
  itemTexts,
  scanCorpus,
} from "../../study/index.ts";
import { type ContaminationReport, renderContamination } from "../contamination-text.ts";
import { downloadProgress } from "../download-progress.ts";
import { findRun } from "../find-run.ts";
import type { Options } from "../flags.ts";
import { resolveAll } from "../references.ts";
import type { Terminal } from "../terminal.ts";

/** Of drawn substrings and of the bootstrap. */
const seed = 0;
const tellEveryMs = 5000;

/** `assay contamination`: which items of a benchmark stand in a corpus. */
export async function run(references: string[], options: Options, terminal: Terminal): Promise<number> {
  const [resolved, ...more] = resolveAll(references, options).resolved;
  if (!resolved || more.length > 0)
    throw new InputError({
      code: "TASK_NOT_SINGLE",
      what: `"${references.join(" ")}" names ${more.length + 1} tasks; a corpus is searched for one.`,
      fix: "assay contamination gsm8k --corpus <path>",
    });
  if (!options.corpus)
    throw new InputError({
      code: "CORPUS_UNSTATED",
      what: "Nothing says where to look.",
      fix: "Name files or folders: --corpus <path>.",
    });
  const { files, skipped } = await findCorpusFiles(options.corpus);
  const { task, protocol } = resolved;
  const prepared = await prepare(
    resolved,
    { provider: "none", name: "none", baseUrl: null, options: {} },
    { onProgress: downloadProgress(terminal) },
  );
  const runs = await Promise.all((options.run ?? []).map((name) => runOf(name, prepared, options.results)));
  const scan = await scanCorpus(await itemTexts(prepared), files, {
    canary: task.card.canary,
    seed,
    onProgress: teller(terminal, files.length),
  });
  if (scan.coverage.failed.length === files.length)
    throw new InputError({
      code: "CORPUS_UNREADABLE",
      what: `None of the ${files.length} files could be read.`,
      ...(scan.coverage.failed[0] ? { why: scan.coverage.failed[0].why } : {}),
      fix: "Check the files, and that their names say what they hold.",
    });
  const impacts: Impact[] = [];
  for (const { record, folder } of runs) {
    const impact = await impactOn(scan, { record, samples: readSamples(folder, record) }, seed);
    if (impact) impacts.push(impact);
  }
  const verbatim = scan.findings.filter(({ level }) => level !== "near-duplicate").length;
  const testable = scan.items - scan.notTestable.length;
  const { split, repo, revision, itemsSha256 } = prepared.setup.dataset;
  const report: ContaminationReport = {
    task: task.id,
    protocol: protocol.id,
    dataset: { repo, revision, split, itemsSha256 },
    version: contaminationVersion,
    seed,
    corpus: options.corpus,
    skipped,
    found: { items: verbatim, testable, ci: testable > 0 ? clopperPearson(verbatim, testable) : null },
    ...scan,
    runs: impacts,
  };
  if (options.json) terminal.json(report);
  else terminal.print(renderContamination(report));
  return 0;
}

/** @throws InputError where a run is of another task or other data */
async function runOf(name: string, { setup }: Prepared, results: string): ReturnType<typeof findRun> {
  const found = await findRun(name, results);
  const { task, dataset } = found.record.setup;
  if (task.id === setup.task.id && dataset.itemsSha256 === setup.dataset.itemsSha256) return found;
  throw new InputError({
    code: "RUN_OTHER_DATA",
    what: `The run ${found.record.runId} didn't ask the items that are looked for.`,
    why:
      task.id === setup.task.id
        ? "Its data has another hash."
        : `It is a run of ${task.id}, and the corpus is searched for ${setup.task.id}.`,
    fix: `assay contamination ${task.id}@${found.record.setup.protocol.id} --corpus <path> --run ${found.record.runId}`,
  });
}

function teller(terminal: Terminal, files: number): (coverage: Coverage) => void {
  let told = performance.now();
  return ({ files: done, failed, words }) => {
    if (performance.now() - told < tellEveryMs) return;
    told = performance.now();
    terminal.say(`file ${done + failed.length + 1} of ${files}, ${(words / 1e6).toFixed(1)} million words so far`);
  };
}
