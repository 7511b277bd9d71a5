import { existsSync } from "node:fs";
import { InputError } from "../contracts/index.ts";
import { readLines, SampleIndex } from "../record/index.ts";

/**
 * What a journal holds already. A later line replaces an earlier one of the same sample: that is how a failed sample,
 * asked again, gets its answer. A damaged last line is what a crash left, and is asked again too.
 *
 * @returns the index, and the offset behind the last complete line
 * @throws InputError `JOURNAL_DAMAGED` when whole lines follow one that can't be read
 */
export async function readJournal(path: string, epochs: number): Promise<{ index: SampleIndex; end: number }> {
  const index = new SampleIndex();
  let end = 0;
  let damage: { line: number; cause: unknown } | undefined;
  let line = 0;
  if (!existsSync(path)) return { index, end };
  for await (const { text, place } of readLines(path)) {
    line += 1;
    if (damage) throw damaged(path, damage);
    try {
      const sample = JSON.parse(text) as { row: number; epoch: number; outcome: { kind: string } };
      index.set(sample.row * epochs + sample.epoch, place, sample.outcome.kind === "errored");
      end = place.offset + place.length + 1;
    } catch (cause) {
      damage = { line, cause };
    }
  }
  return { index, end };
}

function damaged(path: string, { line, cause }: { line: number; cause: unknown }): InputError {
  return new InputError({
    code: "JOURNAL_DAMAGED",
    what: `Line ${line} of ${path} can't be read, and others follow it.`,
    why: cause instanceof Error ? cause.message : String(cause),
    fix: "Delete that line: its sample is asked again, or comes from the cache.",
    cause,
  });
}
