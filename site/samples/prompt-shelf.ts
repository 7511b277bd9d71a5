import type { Sample } from "@assay/harness/contracts";
import type { DataStore } from "../data/store.ts";
import { type LinePlace, ShardWriter } from "./shard-writer.ts";

/** Stores the prompts of one setup once, whatever number of runs asked them; samples point at them by their places. */
export class PromptShelf {
  readonly writer: ShardWriter;
  /** By item: one request, unless its epochs were asked differently. */
  readonly #places = new Map<string, { requestHash: string; place: LinePlace }[]>();

  readonly #canary: { canary?: string };

  /** @param canary stands beside every text of the data set, so that whoever gathers texts can tell */
  constructor(store: DataStore, { name, canary }: { name: string; canary?: string | undefined }) {
    this.#canary = canary === undefined ? {} : { canary };
    this.writer = new ShardWriter(store, `prompts/${name}`);
  }

  /** Where the prompt of a sample stands; stores it if it is new. */
  place(sample: Sample): LinePlace {
    const { item, row, requestHash, categories, cluster, fields, shots, request } = sample;
    const known = this.#places.get(item)?.find((entry) => entry.requestHash === requestHash);
    if (known) return known.place;
    const line = JSON.stringify({
      item,
      row,
      requestHash,
      categories,
      cluster,
      fields,
      shots,
      request,
      ...this.#canary,
    });
    const place = this.writer.add(line);
    const others = this.#places.get(item);
    if (others) others.push({ requestHash, place });
    else this.#places.set(item, [{ requestHash, place }]);
    return place;
  }
}
