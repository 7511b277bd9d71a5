import { ListHash } from "../record/index.ts";
import type { Row } from "./types.ts";

/**
 * sha256 (lower-case hex) of every row's canonical JSON in order, each followed by a line feed: equal for the same rows in
 * Parquet, JSON Lines or gzip. To hash rows that pass by anyway, feed them to `ListHash` of `harness/record`.
 */
export async function itemsHash(rows: AsyncIterable<{ row: Row }> | Iterable<{ row: Row }>): Promise<string> {
  const hash = new ListHash();
  for await (const { row } of rows) hash.add(row);
  return hash.digest();
}
