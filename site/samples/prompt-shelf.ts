import type { Sample } from "@assay/harness/contracts";
import type { DataStore } from "../data/store.ts";
import type { ShardRef } from "./schemas.ts";
import { samplesPerShard, writeShard } from "./write-shard.ts";

/** What an item was asked, once for all runs of a setup: [shard, position] is how samples point at it. */
export type PromptPlace = [shard: number, position: number];

/** Stores the prompts of one setup once, whatever number of runs asked them. */
export class PromptShelf {
  readonly shards: ShardRef[] = [];
  readonly #store: DataStore;
  readonly #name: string;
  readonly #places = new Map<string, PromptPlace>();
  #open: string[] = [];

  constructor(store: DataStore, name: string) {
    this.#store = store;
    this.#name = name;
  }

  /** Where the prompt of a sample stands; stores it if it is new. */
  async place(sample: Sample): Promise<PromptPlace> {
    const key = `${sample.item}\n${sample.requestHash}`;
    const known = this.#places.get(key);
    if (known) return known;
    const place: PromptPlace = [this.shards.length, this.#open.length];
    this.#places.set(key, place);
    const { item, row, requestHash, categories, cluster, fields, shots, request } = sample;
    this.#open.push(JSON.stringify({ item, row, requestHash, categories, cluster, fields, shots, request }));
    if (this.#open.length === samplesPerShard) await this.close();
    return place;
  }

  /** Writes the last shard. */
  async close(): Promise<void> {
    if (this.#open.length === 0) return;
    const lines = this.#open;
    this.#open = [];
    // The place is taken before the bytes are there, so that runs that are read side by side count alike.
    const at = this.shards.push({ path: "", sha256: "", samples: lines.length }) - 1;
    this.shards[at] = await writeShard(this.#store, `prompts/${this.#name}/${at}.bin`, lines);
  }
}
