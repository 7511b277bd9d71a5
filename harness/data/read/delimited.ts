import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CsvError, parse } from "csv-parse";
import type { DataFile, Row } from "../types.ts";
import { malformed } from "./malformed.ts";
import { textRegions } from "./text-regions.ts";

const batchSize = 512;

/** How a delimited file is written. */
export interface DelimitedLayout {
  layout: "csv" | "tsv";
  /** Names of the columns of a file that has no header line. */
  columns?: readonly string[];
}

/**
 * CSV with `"` around fields, or TSV, which knows no quotes (IANA's text/tab-separated-values). Every value stays text:
 * guessing types would make "007" and "7" the same answer. Line ends may be LF or CRLF, even mixed.
 *
 * @throws ContentError with the line
 */
export async function* readDelimited(
  file: DataFile,
  source: AsyncIterable<Buffer>,
  { layout, columns }: DelimitedLayout,
): AsyncGenerator<Row[]> {
  const parser = parse({
    delimiter: layout === "csv" ? "," : "\t",
    quote: layout === "csv" ? '"' : null,
    record_delimiter: ["\r\n", "\n"],
    skip_empty_lines: true,
  });
  // The pipeline destroys the parser with whatever went wrong, so reading it reports the same error once.
  pipeline(Readable.from(texts(file, source)), parser).catch(() => {});
  let names = columns === undefined ? undefined : checkedNames(file, columns);
  let batch: Row[] = [];
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      if (names === undefined) {
        names = checkedNames(file, record);
        continue;
      }
      batch.push(toNamed(file, names, record));
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    throw error instanceof CsvError ? explain(file, error) : error;
  }
  if (batch.length > 0) yield batch;
}

async function* texts(file: DataFile, source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  for await (const { text } of textRegions(file, source)) if (text !== "") yield text;
}

function checkedNames(file: DataFile, names: readonly string[]): readonly string[] {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice === undefined) return names;
  throw malformed({ file: file.path, line: 1 }, `Two columns are called ${JSON.stringify(twice)}.`);
}

function toNamed(file: DataFile, names: readonly string[], record: readonly string[]): Row {
  if (record.length !== names.length) {
    throw malformed(
      { file: file.path },
      `It has ${record.length} columns, but ${names.length} names were given for them.`,
    );
  }
  return Object.fromEntries(names.map((name, at) => [name, record[at]!]));
}

function explain(file: DataFile, error: CsvError): Error {
  const line = "lines" in error && typeof error.lines === "number" ? error.lines : undefined;
  return malformed({ file: file.path, ...(line === undefined ? {} : { line }) }, error.message, error);
}
