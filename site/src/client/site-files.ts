import type { CatalogueEntry } from "../../data/sample-catalogue.ts";
import type { SetupFile } from "../../data/schemas.ts";
import type { SampleIndex, ShardRef } from "../../samples/schemas.ts";

/** A file that couldn't be used, in words for a reader. */
export class FileTrouble extends Error {}

/** Reads the site's data files, each once, and believes none whose hash is wrong. */
export class SiteFiles {
  readonly #base: string;
  readonly #shards = new Map<string, Promise<unknown[]>>();
  readonly #indexes = new Map<string, Promise<SampleIndex>>();

  /** @param base address of the site's root */
  constructor(base: string) {
    this.#base = base;
  }

  async catalogue(path: string): Promise<CatalogueEntry[]> {
    return JSON.parse(decode(await this.#read(this.#base + path))) as CatalogueEntry[];
  }

  /** The index of a run's samples. Its name begins its own hash. */
  index(path: string): Promise<SampleIndex> {
    return this.#once(this.#indexes, path, async () => {
      const bytes = await this.#read(this.#base + path);
      await refuseOther(bytes, path.slice(2).replace(/[/]|\.json$/g, ""), path);
      return JSON.parse(decode(bytes)) as SampleIndex;
    });
  }

  /** The fields that decide a setup. */
  async setup(path: string): Promise<SetupFile> {
    return JSON.parse(decode(await this.#read(this.#base + path))) as SetupFile;
  }

  /** The lines of a shard. */
  shard(ref: ShardRef, baseUrl: string | null): Promise<unknown[]> {
    return this.#once(this.#shards, ref.path, async () => {
      const bytes = await this.#read(this.#address(ref.path, baseUrl));
      await refuseOther(bytes, ref.sha256, ref.path);
      const text = await inflate(bytes);
      return text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as unknown]));
    });
  }

  /** A long text that stands apart. */
  async text(file: { path: string; sha256: string }, baseUrl: string | null): Promise<string> {
    const bytes = await this.#read(this.#address(file.path, baseUrl));
    await refuseOther(bytes, file.sha256, file.path);
    return decode(bytes);
  }

  /** Samples may be stored away from the site. */
  #address(path: string, baseUrl: string | null): string {
    return baseUrl === null ? this.#base + path : new URL(path, `${baseUrl.replace(/\/$/, "")}/`).href;
  }

  #once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
    const found = known.get(key) ?? make();
    known.set(key, found);
    found.catch(() => known.delete(key));
    return found;
  }

  async #read(address: string): Promise<Uint8Array<ArrayBuffer>> {
    const response = await fetch(address).catch((cause: unknown) => {
      throw new FileTrouble(`${address} can't be reached: ${String(cause)}`);
    });
    if (!response.ok) throw new FileTrouble(`${address} answered ${response.status}.`);
    return new Uint8Array(await response.arrayBuffer());
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Whether hashes can be checked here: browsers offer it over https and on the machine itself only. */
export function canVerify(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

async function refuseOther(bytes: Uint8Array<ArrayBuffer>, hash: string, path: string): Promise<void> {
  if (!canVerify()) return;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!found.startsWith(hash)) {
    throw new FileTrouble(`${path} isn't the file that was published: its hash differs. It is not shown.`);
  }
}

/** Unpacks gzip, unless a server already did. */
async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return decode(bytes);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}
