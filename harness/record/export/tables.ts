import type { RunRecord } from "../../contracts/index.ts";
import { type ExportedRun, type Exporter, fileSafe, type Loss } from "./exported.ts";
import { ParquetTable } from "./parquet-table.ts";
import { sampleColumns } from "./sample-table.ts";

/** Two CSV files (RFC 4180, UTF-8): samples and scores. */
export const exportCsv: Exporter = async (run) => {
  const name = fileSafe(run.record.runId);
  return await Promise.resolve({
    files: [
      { path: `${name}.samples.csv`, content: sampleLines(run) },
      { path: `${name}.scores.csv`, content: scoreLines(run.record) },
    ],
    losses: [
      ...tableLosses(),
      {
        field: "text that begins with = + - @ | or %",
        why: "gets a ' in front, so that no spreadsheet takes it for a formula; parquet keeps it as it is",
      },
    ],
  });
};

/** One Parquet file of the samples; the whole record, setup and all, is in its metadata under `assay-run`. */
export const exportParquet: Exporter = async (run) => {
  return {
    files: [{ path: `${fileSafe(run.record.runId)}.samples.parquet`, content: await parquetOf(run) }],
    losses: tableLosses(),
  };
};

function tableLosses(): Loss[] {
  return [
    { field: "samples[].request", why: "the prompt is one column; stops and parameters are in the record" },
    { field: "samples[].response.exchanges", why: "no column for bodies as sent and received" },
    { field: "samples[].answers[].span, by", why: "only the extracted text" },
    { field: "samples[].shots, grading", why: "no column" },
  ];
}

async function* sampleLines({ record, samples }: ExportedRun): AsyncGenerator<string> {
  const columns = sampleColumns(record);
  yield line(columns.map((column) => column.name));
  for await (const sample of samples()) yield line(columns.map((column) => column.read(sample)));
}

function scoreLines(record: RunRecord): string {
  const names = [
    "run",
    "task",
    "protocol",
    "model",
    "metric",
    "filter",
    "group",
    "value",
    "unit",
    "n",
    "stderr",
    "ci_low",
    "ci_high",
    "ci_level",
    "ci_method",
    "comparability_hash",
  ];
  const rows = record.scores.map(({ metric, filter, group, value, unit, n, stderr, ci }) =>
    line([
      record.runId,
      record.task,
      record.protocol,
      record.model,
      metric,
      filter,
      group,
      value,
      unit,
      n,
      stderr,
      ci?.low ?? null,
      ci?.high ?? null,
      ci?.level ?? null,
      ci?.method ?? null,
      record.setup.comparabilityHash,
    ]),
  );
  return line(names) + rows.join("");
}

function line(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

/** Spreadsheets look behind spaces and what isn't seen, and read signs of full width; a text that is a number harms nobody. */
const formula = /^(?!-?\d+(?:\.\d+)?$)[\s\p{Cc}\p{Cf}]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;

function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe === "" ? `"${safe.replaceAll('"', '""')}"` : safe;
}

async function parquetOf({ record, samples }: ExportedRun): Promise<Uint8Array> {
  const columns = sampleColumns(record);
  const table = new ParquetTable(columns, {
    notes: [["assay-run", JSON.stringify(record)]],
    createdBy: `assay ${record.environment.assay}`,
  });
  for await (const sample of samples()) await table.add(columns.map((column) => column.read(sample)));
  return table.finish();
}
