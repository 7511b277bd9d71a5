import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { InputError, type RunRecord } from "../contracts/index.ts";
import { sha256 } from "./hash.ts";
import { unwritable } from "./unwritable.ts";

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Samples a shard holds at most, so that a page that shows one sample fetches little. */
const samplesPerShard = 100;

type Shard = RunRecord["samples"][number];

/** Writes lines into gzip shards of at most {@link samplesPerShard} lines; each file appears whole or not at all. */
export class ShardWriter {
  readonly #folder: string;
  readonly #shards: Shard[] = [];
  #lines: string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  async add(line: string): Promise<void> {
    this.#lines.push(line);
    if (this.#lines.length === samplesPerShard) await this.#flush();
  }

  /** Writes the last shard and lists all of them. */
  async close(): Promise<Shard[]> {
    if (this.#lines.length > 0) await this.#flush();
    return this.#shards;
  }

  async #flush(): Promise<void> {
    const file = `samples-${String(this.#shards.length).padStart(5, "0")}.jsonl.gz`;
    const bytes = await compress(`${this.#lines.join("\n")}\n`);
    await writeWhole(join(this.#folder, file), bytes);
    this.#shards.push({ file, samples: this.#lines.length, sha256: sha256(bytes), bytes: bytes.length });
    this.#lines = [];
  }
}

/**
 * The lines of a finished run's shards, in order.
 *
 * @throws InputError `SHARD_MISSING`, or `SHARD_DAMAGED` when a file isn't the one whose hash run.json holds.
 */
export async function* readShards(folder: string, shards: readonly Shard[]): AsyncGenerator<string> {
  const load = (at: number) => {
    const shard = shards[at];
    if (!shard) return undefined;
    const text = textOf(folder, shard);
    // Whoever stops early doesn't hear of a later shard's trouble.
    text.catch(() => {});
    return text;
  };
  let next = load(0);
  for (let at = 0; at < shards.length; at++) {
    const text = (await next) ?? "";
    // The next shard is read and unpacked while this one's lines are worked on.
    next = load(at + 1);
    for (const line of text.split("\n")) if (line) yield line;
  }
}

async function textOf(folder: string, shard: Shard): Promise<string> {
  const bytes = await readShard(folder, shard.file);
  if (sha256(bytes) !== shard.sha256) {
    throw new InputError({
      code: "SHARD_DAMAGED",
      what: `${shard.file} in ${folder} isn't the file that run.json describes.`,
      why: "Its SHA-256 differs: it was changed, cut off, or belongs to another run.",
      fix: "Restore the file, or delete the run's folder and run again (cached responses are reused).",
    });
  }
  return (await decompress(bytes)).toString("utf8");
}

async function readShard(folder: string, file: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, file));
  } catch (cause) {
    throw new InputError({
      code: "SHARD_MISSING",
      what: `${file} in ${folder}, which run.json names, can't be read.`,
      why: cause instanceof Error ? cause.message : String(cause),
      fix: "Restore the file, or delete the run's folder and run again (cached responses are reused).",
      cause,
    });
  }
}

/** Writes a file so that readers see the old content or the new, never a part. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  try {
    await writeFile(draft, content, { flush: true });
    await rename(draft, path);
  } catch (error) {
    // What can't be cleaned up must not hide why it couldn't be written.
    await rm(draft, { force: true }).catch(() => {});
    throw unwritable(error, { code: "RECORD_UNWRITABLE", what: `${path} can't be written.` });
  }
}
