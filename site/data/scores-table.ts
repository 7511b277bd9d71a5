import { outcomeKinds } from "@assay/harness/contracts";
import type { SiteData } from "./site-data.ts";
import type { TextTable } from "./text-table.ts";

const head = [
  ..."run task protocol comparability_hash model partial metric pipeline group value unit lower_is_better".split(" "),
  ..."n items unparsed stderr low high level method rank_low rank_high cost_usd cost_basis median_latency_ms".split(
    " ",
  ),
  ...outcomeKinds,
  "finished",
];

/** Every score of every run that isn't of a category, a line each, with what it needs to be read alone. */
export function scoresTable({ runs, columns }: Pick<SiteData, "runs" | "columns">): TextTable {
  const rows = [...runs.values()].flatMap(({ record, column }) => {
    const ranked = column === null ? undefined : columns.get(column);
    const rank = ranked?.cells.find((cell) => cell.run === record.runId)?.rank;
    return record.scores
      .filter((score) => !score.group.includes("="))
      .map((score) => {
        const isRanked =
          score.metric === ranked?.metric && score.filter === ranked.filter && score.group === ranked.group;
        const cells = [
          [record.runId, record.task, record.protocol, record.setup.comparabilityHash, record.model, record.partial],
          [score.metric, score.filter, score.group, score.value, score.unit, score.lowerIsBetter],
          [score.n, score.items, score.unparsed, score.stderr],
          [score.ci?.low, score.ci?.high, score.ci?.level, score.ci?.method],
          isRanked ? [rank?.low, rank?.high] : [null, null],
          [record.cost.value, record.cost.basis, record.latency.total?.p50],
          outcomeKinds.map((kind) => record.counts[kind]),
          [record.finishedAt],
        ];
        return cells.flat().map((value) => (value === null || value === undefined ? "" : String(value)));
      });
  });
  return { head, rows };
}
