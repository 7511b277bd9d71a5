import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { DataStore } from "../data/store.ts";
import type { ShardRef } from "./schemas.ts";

const compress = promisify(gzip);

/** A page that shows one sample fetches a whole shard, so shards are small. */
export const samplesPerShard = 100;

/**
 * Writes JSON lines as one gzip file. The name ends in `.bin` so that no server takes it for something to decompress on
 * the way.
 */
export async function writeShard(store: DataStore, name: string, lines: readonly string[]): Promise<ShardRef> {
  const content = await compress(`${lines.join("\n")}\n`, { level: 6 });
  store.bytes({ name, role: "samples", content });
  const { path, sha256 } = store.file(name);
  return { path, sha256, samples: lines.length };
}
