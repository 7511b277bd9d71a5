import { createHash } from "node:crypto";
import { canonicalJson } from "./canonical-json.ts";

/** Lower-case hex SHA-256 of text (as UTF-8) or bytes. */
export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** SHA-256 of a value's canonical JSON: equal values, equal hash, whatever the order of their keys. */
export function hashOf(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** Hashes a list entry by entry: SHA-256 over the canonical JSON of each entry and a newline. */
export class ListHash {
  readonly #hash = createHash("sha256");
  #count = 0;

  add(entry: unknown): void {
    this.#hash.update(`${canonicalJson(entry)}\n`);
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  digest(): string {
    return this.#hash.copy().digest("hex");
  }
}
