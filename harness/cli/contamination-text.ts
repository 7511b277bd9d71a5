import type { Interval } from "../contracts/index.ts";
import type { Finding, Impact, Scan } from "../study/index.ts";
import { counted, formatShare } from "./format.ts";
import { renderTable } from "./table.ts";

/** What `assay contamination` found, as `--json` prints it. */
export interface ContaminationReport extends Scan {
  task: string;
  protocol: string;
  dataset: { repo: string | null; revision: string | null; split: string; itemsSha256: string };
  /** Of the words, rules and levels. */
  version: string;
  seed: number;
  corpus: string[];
  /** Files whose name tells no format. */
  skipped: string[];
  /** Items whose question stands there word for word, of those that can be tested. */
  found: { items: number; testable: number; ci: Interval | null };
  runs: Impact[];
}

const shownFindings = 20;
const shownTrouble = 5;

const levelWords: Record<Finding["level"], string> = {
  "verbatim-item": "question, with its options or answer beside it",
  "verbatim-question": "question alone",
  "near-duplicate": "something near to the question",
};

/** A report for people. Nothing is ever called clean: what isn't found may be elsewhere, or in other words. */
export function renderContamination(report: ContaminationReport): string {
  return [
    renderCoverage(report),
    renderLevels(report),
    renderTable(
      [{ title: "as others count it" }, { title: "items", align: "right" }],
      report.rules.map(({ says, found, testable }) => [says, formatShare(found, testable)]),
    ),
    ...renderCanary(report),
    ...renderFindings(report.findings),
    ...report.runs.map(renderImpact),
    "Not found is not clean: this search sees copies, not paraphrases or translations, and only in the text that it was given.",
  ].join("\n\n");
}

function renderCoverage({ task, protocol, dataset, items, coverage, skipped }: ContaminationReport): string {
  const { files, bytes, documents, words, failed } = coverage;
  const megabytes = (bytes / 1e6).toFixed(1);
  const trouble = (what: string, list: readonly string[]) => {
    if (list.length === 0) return [];
    const more = list.length > shownTrouble ? `, … ${list.length - shownTrouble} more` : "";
    return [`${what}: ${list.slice(0, shownTrouble).join(", ")}${more}`];
  };
  return [
    `${task}@${protocol}: ${counted(items, "item")} of ${dataset.split}, looked for in ${counted(files, "file")}, ` +
      `${megabytes} MB, ${counted(documents, "document")}, ${counted(words, "word")}`,
    ...trouble(
      "not read to the end",
      failed.map(({ file, why }) => `${file} (${why})`),
    ),
    ...trouble("left out, because the name tells no format", skipped),
  ].join("\n");
}

function renderLevels({ findings, found, items, notTestable }: ContaminationReport): string {
  const rows = Object.entries(levelWords).map(([level, words]) => [
    words,
    findings.filter((finding) => finding.level === level).length,
  ]);
  const table = renderTable(
    [{ title: "stands there word for word" }, { title: "items", align: "right" }],
    [
      ...rows,
      ["not found", items - notTestable.length - findings.length],
      ["too short to tell", notTestable.length],
    ].map(([words, count]) => [String(words), count?.toLocaleString("en") ?? ""]),
  );
  return `${table}\n\nquestion found: ${formatShare(found.items, found.testable)}${between(found.ci, percent)}`;
}

function renderCanary({ canary }: ContaminationReport): string[] {
  if (!canary) return [];
  const { documents, first } = canary;
  if (!first) return ["The benchmark's canary isn't there."];
  return [
    `The benchmark's canary stands in ${counted(documents, "document")}, first ${first.file} #${first.document}.`,
  ];
}

function renderFindings(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const table = renderTable(
    [{ title: "item" }, { title: "what stands there" }, { title: "words", align: "right" }, { title: "where" }],
    findings
      .slice(0, shownFindings)
      .map(({ item, level, coverage, file, document }) => [
        item,
        levelWords[level],
        `${(100 * coverage).toFixed(0)} %`,
        `${file} #${document}`,
      ]),
  );
  const more = findings.length - shownFindings;
  return [more > 0 ? `${table}\n… ${more.toLocaleString("en")} more; --json lists them all` : table];
}

function renderImpact({ runId, metric, tested, notFound, found, difference }: Impact): string {
  const score = ({ items, value, ci }: Impact["tested"]) =>
    value === null
      ? "no items"
      : `${value.toFixed(3)}${between(ci, (share) => share.toFixed(3))} over ${counted(items, "item")}`;
  const lines = [
    `${runId}, ${metric}:`,
    `  all tested items   ${score(tested)}`,
    `  not found          ${score(notFound)}`,
    `  found              ${score(found)}`,
  ];
  if (!difference) return [...lines, "  There is nothing to compare: all tested items are on one side."].join("\n");
  const sign = difference.value > 0 ? "+" : "";
  return [
    ...lines,
    `  found items move the score by ${sign}${difference.value.toFixed(3)}${between(difference.ci, (share) => share.toFixed(3))}`,
    "  This compares two sets of items, which may differ in how hard they are too.",
  ].join("\n");
}

function between(ci: Interval | null, format: (value: number) => string): string {
  return ci === null ? "" : `, 95 % ${format(ci.low)} to ${format(ci.high)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
