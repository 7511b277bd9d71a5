import type { RunRecord, Sample } from "../../contracts/index.ts";

/** A finished run and how to read its samples, again as often as needed. */
export interface ExportedRun {
  record: RunRecord;
  samples: () => AsyncIterable<Sample>;
}

/** A file of an export. Text comes in pieces, so that samples needn't fit into memory. */
export interface ExportFile {
  path: string;
  content: string | Uint8Array | AsyncIterable<string>;
}

/** Something of the record that a format has no place for. */
export interface Loss {
  field: string;
  why: string;
}

export interface Exported {
  files: ExportFile[];
  losses: Loss[];
}

/** Who publishes, for formats that must be told. */
export interface Publisher {
  organization?: string | undefined;
  relationship?: "first_party" | "third_party" | "collaborative" | "other" | undefined;
}

/** @param at - time of the export, for formats that record it */
export type Exporter = (run: ExportedRun, options: { at: Date; publisher: Publisher }) => Promise<Exported>;

/** The model's name as the provider knows it, in letters that a file name may have. */
export function fileSafe(name: string): string {
  return name.replace(/[^\w.-]+/g, "__");
}

/** Epoch seconds of an ISO time. */
export function epochSeconds(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

/** What the model was shown, as text: a chat as JSON. */
export function promptText(sample: Sample): string {
  const { request } = sample;
  if (request.kind === "chat") return JSON.stringify(request.messages);
  return request.kind === "rolling" ? request.text : request.prompt;
}
