import type { Exported, ExportedRun, Exporter, Publisher } from "./exported.ts";

/** Each format's writer is loaded when it is asked for. */
const exporters = {
  "lm-eval": async () => (await import("./lm-eval.ts")).exportLmEval,
  "every-eval-ever": async () => (await import("./every-eval-ever.ts")).exportEveryEvalEver,
  "hf-eval-results": async () => (await import("./model-card.ts")).exportHfEvalResults,
  "model-index": async () => (await import("./model-card.ts")).exportModelIndex,
  csv: async () => (await import("./tables.ts")).exportCsv,
  parquet: async () => (await import("./tables.ts")).exportParquet,
} as const satisfies Record<string, () => Promise<Exporter>>;

/** Formats that a run can be exported to. */
export type ExportFormat = keyof typeof exporters;
export const exportFormats = Object.keys(exporters) as ExportFormat[];

/**
 * Writes a run down in another project's format.
 *
 * @returns the files, and everything that the format can't hold
 * @throws InputError where the format can't hold the run at all
 */
export async function exportRun(
  format: ExportFormat,
  run: ExportedRun,
  options: { at: Date; publisher: Publisher },
): Promise<Exported> {
  const write = await exporters[format]();
  return await write(run, options);
}
