import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { DataStore } from "../data/store.ts";
import type { ShardRef } from "./schemas.ts";

const compress = promisify(gzip);

/** A page that shows one sample fetches a whole shard, so shards are small. */
const samplesPerShard = 100;
/** Shards packed side by side: more would only wait in memory. */
const atOnce = 4;

/** Where a line stands: in which shard, and at which place in it. */
export type LinePlace = [shard: number, position: number];

/**
 * Packs JSON lines into gzip files. Packing runs beside the caller's own work; shards are listed in the order of their lines.
 * The names end in `.bin` so that no server takes them for something to decompress on the way.
 */
export class ShardWriter {
  readonly shards: ShardRef[] = [];
  readonly #store: DataStore;
  readonly #name: string;
  readonly #packing = new Set<Promise<void>>();
  #lines: string[] = [];
  #failure: unknown = null;

  /** @param name logical name of the folder that the shards are in */
  constructor(store: DataStore, name: string) {
    this.#store = store;
    this.#name = name;
  }

  /** Adds a line; where much is added, wait for {@link room} in between. */
  add(line: string): LinePlace {
    // Taken before the bytes are there, so that the place doesn't depend on how fast packing goes.
    if (this.#lines.length === 0) this.shards.push({ path: "", sha256: "", samples: 0 });
    const place: LinePlace = [this.shards.length - 1, this.#lines.length];
    this.#lines.push(line);
    if (this.#lines.length === samplesPerShard) this.#flush();
    return place;
  }

  /** Waits while as many shards are being packed as is useful. */
  async room(): Promise<void> {
    while (this.#packing.size >= atOnce) await Promise.race(this.#packing);
  }

  /** Writes what is left. @throws what went wrong with any shard */
  async close(): Promise<void> {
    if (this.#lines.length > 0) this.#flush();
    await Promise.all(this.#packing);
    if (this.#failure !== null) throw this.#failure;
  }

  #flush(): void {
    const lines = this.#lines;
    this.#lines = [];
    const packing: Promise<void> = this.#write(this.shards.length - 1, lines)
      .catch((failure: unknown) => {
        this.#failure ??= failure;
      })
      .finally(() => this.#packing.delete(packing));
    this.#packing.add(packing);
  }

  async #write(at: number, lines: readonly string[]): Promise<void> {
    const content = await compress(`${lines.join("\n")}\n`, { level: 6 });
    const name = `${this.#name}/${at}.bin`;
    const { path, sha256 } = await this.#store.bytesAside({ name, role: "samples", content });
    this.shards[at] = { path, sha256, samples: lines.length };
  }
}
