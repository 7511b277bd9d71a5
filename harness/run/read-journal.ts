import { existsSync } from "node:fs";
import { readLines, SampleIndex } from "../record/index.ts";

/**
 * What a journal holds already. A later line replaces an earlier one of the same sample: that is how a failed sample,
 * asked again, gets its answer.
 *
 * @returns the index, and the offset behind the last complete line
 */
export async function readJournal(path: string, epochs: number): Promise<{ index: SampleIndex; end: number }> {
  const index = new SampleIndex();
  let end = 0;
  if (!existsSync(path)) return { index, end };
  for await (const { text, place } of readLines(path)) {
    const sample = JSON.parse(text) as { row: number; epoch: number; outcome: { kind: string } };
    index.set(sample.row * epochs + sample.epoch, place, sample.outcome.kind === "errored");
    end = place.offset + place.length + 1;
  }
  return { index, end };
}
