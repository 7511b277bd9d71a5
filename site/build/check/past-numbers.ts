import type { ReadSite } from "../../data/earlier-snapshots.ts";
import type { EarlierSnapshot } from "../../data/manifest-schemas.ts";
import { fromCsv } from "../../data/text-table.ts";
import { numbersOf } from "./numbers.ts";

/** The numbers that the page of an earlier snapshot may show: those of its own scores. `null` for any other page. */
export async function pastNumbers(
  name: string,
  { read, earlier }: { read: ReadSite; earlier: readonly EarlierSnapshot[] },
): Promise<ReadonlySet<number> | null> {
  const id = /^snapshots\/([^/]+)\/index\.html$/.exec(name)?.[1];
  if (id === undefined) return null;
  const file = earlier.find((entry) => entry.snapshot === id)?.scoresFile;
  const numbers = new Set<number>();
  const bytes = file == null ? null : await read(file);
  for (const row of fromCsv(Buffer.from(bytes ?? "").toString("utf8")).rows) {
    numbersOf(row.filter((cell) => cell !== "").map(Number), numbers);
  }
  return numbers;
}
