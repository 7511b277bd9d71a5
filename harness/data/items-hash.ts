import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";
import type { Row } from "./types.ts";

/** Takes rows as they pass by, so that hashing needs no reading of its own. */
export interface ItemsHasher {
  add(row: Row): void;
  /** sha256, lower-case hex, of every row's canonical JSON in order, each followed by a line feed. Ends the hasher. */
  digest(): string;
}

/** A hash of decoded rows: equal for the same rows in Parquet, JSON Lines or CSV, whatever the compression. */
export function createItemsHasher(): ItemsHasher {
  const hash = createHash("sha256");
  return {
    add: (row) => void hash.update(`${canonicalJson(row)}\n`),
    digest: () => hash.digest("hex"),
  };
}

/** {@link createItemsHasher} over a whole stream, such as a handle's `rows(split)`. Order matters. */
export async function itemsHash(rows: AsyncIterable<{ row: Row }> | Iterable<{ row: Row }>): Promise<string> {
  const hasher = createItemsHasher();
  for await (const { row } of rows) hasher.add(row);
  return hasher.digest();
}
