import { outcomeKinds, type RunRecord, type Score } from "../../contracts/index.ts";
import { openGrader, rescore, type ScoreChange } from "../../run/index.ts";
import { resolveRecorded } from "../../task/index.ts";
import { recordedCommand } from "../command-line.ts";
import { findRun } from "../find-run.ts";
import type { Options } from "../flags.ts";
import { counted, formatValue } from "../format.ts";
import { overrideFlags, withK } from "../references.ts";
import { runJson } from "../run-json.ts";
import { renderRunDetails, renderRuns } from "../summary.ts";
import type { Terminal } from "../terminal.ts";

const shownChanges = 20;

/** `assay score`: recorded responses through extraction and metrics again; prints what changed. */
export async function run([name = ""]: string[], options: Options, terminal: Terminal): Promise<number> {
  const { record, folder } = await findRun(name, options.results);
  const { protocol, overrides } = withK(
    resolveRecorded(record.setup.protocol, overrideFlags(options)),
    options.k,
    record.runId,
  );
  const grader = protocol.metrics.some((metric) => metric.metric === "pass")
    ? await openGrader([protocol], options.sandboxRuntime)
    : null;
  try {
    const result = await rescore({
      results: options.results,
      folder,
      record,
      protocol,
      overrides,
      grade: grader?.gradeFor(protocol) ?? null,
      sandbox: grader?.identityFor(protocol) ?? null,
      command: recordedCommand(terminal),
    });
    if (options.json) terminal.json({ runs: [runJson(result.record, result.folder)], changes: result.changes });
    else
      terminal.print(
        [
          renderRuns(result.record.runId === record.runId ? [result.record] : [record, result.record]),
          renderScoreChanges(record, result.record),
          renderChanges(result.changes),
        ].join("\n\n"),
      );
    terminal.say(renderRunDetails(result.record, result.folder));
    return 0;
  } finally {
    await grader?.close();
  }
}

/** What became of each score over all items, and of the outcomes. */
function renderScoreChanges(before: RunRecord, after: RunRecord): string {
  const nameOf = ({ metric, filter }: Score) => `${metric}${filter === "none" ? "" : ` (${filter})`}`;
  const overall = ({ scores }: RunRecord) => scores.filter(({ group }) => group === "all");
  const old = new Map(overall(before).map((score) => [nameOf(score), score]));
  const lines = overall(after).map((score) => {
    const was = old.get(nameOf(score));
    if (!was) return `${nameOf(score)}: new, ${formatValue(score)}`;
    return was.value === score.value
      ? `${nameOf(score)}: ${formatValue(score)} as before`
      : `${nameOf(score)}: ${formatValue(was)} → ${formatValue(score)}`;
  });
  const counts = outcomeKinds
    .filter((kind) => before.counts[kind] !== after.counts[kind])
    .map((kind) => `${kind}: ${before.counts[kind]} → ${after.counts[kind]}`);
  return [...lines, ...counts].join("\n");
}

function renderChanges(changes: readonly ScoreChange[]): string {
  if (changes.length === 0) return "No verdict changed.";
  const lines = changes
    .slice(0, shownChanges)
    .map(
      ({ item, epoch, metric, filter, before, after }) =>
        `  ${item}${epoch > 0 ? ` epoch ${epoch}` : ""}  ${metric} (${filter})  ${before} → ${after}`,
    );
  const more =
    changes.length > shownChanges ? [`  … ${changes.length - shownChanges} more; --json lists them all`] : [];
  return [`${counted(changes.length, "verdict")} changed:`, ...lines, ...more].join("\n");
}
