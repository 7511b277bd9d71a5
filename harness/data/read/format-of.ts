import { ContentError } from "../errors/content-error.ts";

/** How rows are laid out in a file, and what wraps it. */
export interface FileFormat {
  layout: "csv" | "json" | "jsonl" | "parquet" | "tsv";
  compression: "gzip" | "none" | "zstd";
}

const layouts: Readonly<Record<string, FileFormat["layout"]>> = {
  csv: "csv",
  json: "json",
  jsonl: "jsonl",
  ndjson: "jsonl",
  parquet: "parquet",
  tsv: "tsv",
};

/** Reads the format off a file's name: `a.jsonl.zst`, `a.parquet`. @throws ContentError `DATA_FORMAT_UNKNOWN` */
export function formatOf(path: string): FileFormat {
  const [, extension = "", wrapping = ""] = /\.([a-z]+)(?:\.(gz|zst))?$/i.exec(path.toLowerCase()) ?? [];
  const layout = layouts[extension];
  if (layout === undefined || (layout === "parquet" && wrapping !== "")) {
    throw new ContentError({
      code: "DATA_FORMAT_UNKNOWN",
      what: `Assay can't tell how to read ${path}.`,
      why: "The name of a data file decides its format.",
      fix: "Use .parquet, .jsonl, .json, .csv or .tsv; all but Parquet may end in .gz or .zst.",
      details: { file: path },
    });
  }
  return { layout, compression: wrapping === "gz" ? "gzip" : wrapping === "zst" ? "zstd" : "none" };
}
