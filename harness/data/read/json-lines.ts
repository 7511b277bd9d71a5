import type { DataFile, Row } from "../types.ts";
import { malformed } from "./malformed.ts";
import { type TextRegion, textRegions } from "./text-regions.ts";
import { toRow } from "./to-row.ts";

/** JSON Lines: one object a line, blank lines ignored, LF or CRLF. @throws ContentError with the line */
export async function* readJsonLines(file: DataFile, source: AsyncIterable<Buffer>): AsyncGenerator<Row[]> {
  for await (const region of textRegions(file, source)) yield rowsOf(file, region);
}

function rowsOf(file: DataFile, { text, firstLine }: TextRegion): Row[] {
  const rows: Row[] = [];
  let line = firstLine;
  for (const content of text.split("\n")) {
    if (content !== "" && content.trim() !== "") rows.push(parse(content, { file: file.path, line }));
    line += 1;
  }
  return rows;
}

function parse(content: string, place: { file: string; line: number }): Row {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw malformed(place, error instanceof Error ? error.message : String(error), error);
  }
  return toRow(value, place);
}
