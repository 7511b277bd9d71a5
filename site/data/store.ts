import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { canonicalJson, hashOf, sha256 } from "@assay/harness/record";
import type { DataFile, Manifest } from "./schemas.ts";

/** Where the list of all data files stands, from the site's root. */
export const manifestPath = "d/manifest.json";

/** Writes data files under names made of their content, so that a file never changes and the same content is one file. */
export class DataStore {
  readonly #root: string;
  readonly #files = new Map<string, DataFile>();
  readonly #written = new Set<string>();
  readonly #folders = new Set<string>();

  /** @param root folder that becomes the site's root */
  constructor(root: string) {
    this.#root = root;
  }

  /** Adds a value as canonical JSON. @returns its path from the site's root */
  json(name: string, role: string, value: unknown): string {
    return this.bytes({ name: `${name}.json`, role, content: canonicalJson(value) });
  }

  /** Adds a file as it is. @returns its path from the site's root */
  bytes({ name, role, content }: { name: string; role: string; content: string | Uint8Array }): string {
    const hash = sha256(content);
    const path = `d/${hash.slice(0, 2)}/${hash.slice(2, 18)}${extensionOf(name)}`;
    const bytes = typeof content === "string" ? Buffer.byteLength(content) : content.length;
    this.#files.set(name, { name, path, sha256: hash, bytes, role });
    if (!this.#written.has(path)) {
      this.#makeFolder(dirname(path));
      writeFileSync(join(this.#root, path), content);
      this.#written.add(path);
    }
    return path;
  }

  #makeFolder(path: string): void {
    if (this.#folders.has(path)) return;
    mkdirSync(join(this.#root, path), { recursive: true });
    this.#folders.add(path);
  }

  /** A file that was added, by its logical name. */
  file(name: string): DataFile {
    const file = this.#files.get(name);
    if (!file) throw new Error(`no data file ${name}`);
    return file;
  }

  /** Every file so far, by name, with a hash over all of them: equal snapshots, equal data. */
  manifest(generator: string): Manifest {
    const files = [...this.#files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const snapshot = hashOf(files.map(({ name, sha256: hash }) => [name, hash])).slice(0, 12);
    return { format: "assay-manifest-1", generator, snapshot, files };
  }

  /** Writes the manifest. Call it last. */
  close(manifest: Manifest): void {
    mkdirSync(join(this.#root, dirname(manifestPath)), { recursive: true });
    writeFileSync(join(this.#root, manifestPath), `${JSON.stringify(manifest, null, 1)}\n`);
  }
}

function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf("."));
}
