import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { canonicalJson, hashOf, sha256 } from "@assay/harness/record";
import type { DataFile, Manifest } from "./manifest-schemas.ts";

/** Where the list of all data files stands, from the site's root. */
export const manifestPath = "d/manifest.json";

/** Kinds of files that may be stored away from the site. */
const externalRoles = new Set(["samples", "long text"]);

/** A file by its logical name and its kind. */
interface FileToStore {
  name: string;
  role: string;
  content: string | Uint8Array;
}

/** Writes data files under names made of their content, so that a file never changes and the same content is one file. */
export class DataStore {
  readonly #root: string;
  readonly #samplesRoot: string | null;
  readonly #files = new Map<string, DataFile>();
  readonly #written = new Set<string>();
  readonly #folders = new Set<string>();
  #previous: string | null = null;

  /**
   * @param root folder that becomes the site's root
   * @param samplesRoot folder for samples that are to be put elsewhere; without it they are part of the site
   */
  constructor(root: string, samplesRoot: string | null = null) {
    this.#root = root;
    this.#samplesRoot = samplesRoot;
  }

  /** Adds a value as canonical JSON. @returns its path from the site's root */
  json(name: string, role: string, value: unknown): string {
    return this.bytes({ name: `${name}.json`, role, content: canonicalJson(value) });
  }

  /** Adds a file as it is. @returns its path from the site's root */
  bytes(file: FileToStore): string {
    const { path, target } = this.#place(file);
    if (target !== null) writeFileSync(target, file.content);
    return path;
  }

  /** The same for one of very many files: it is written beside the caller's own work. */
  async bytesAside(file: FileToStore): Promise<DataFile> {
    const { target } = this.#place(file);
    if (target !== null) await writeFile(target, file.content);
    return this.file(file.name);
  }

  /** Takes a file into the list. `target`: where it is to be written; `null`: the same content is there already. */
  #place({ name, role, content }: FileToStore): { path: string; target: string | null } {
    const hash = sha256(content);
    const path = `d/${hash.slice(0, 2)}/${hash.slice(2, 18)}${extensionOf(name)}`;
    const bytes = typeof content === "string" ? Buffer.byteLength(content) : content.length;
    const external = this.#samplesRoot !== null && externalRoles.has(role);
    this.#files.set(name, { name, path, sha256: hash, bytes, role, ...(external ? { external } : {}) });
    if (this.#written.has(path)) return { path, target: null };
    this.#written.add(path);
    const target = join((external ? this.#samplesRoot : null) ?? this.#root, path);
    this.#makeFolder(dirname(target));
    return { path, target };
  }

  #makeFolder(path: string): void {
    if (this.#folders.has(path)) return;
    mkdirSync(path, { recursive: true });
    this.#folders.add(path);
  }

  /** What was written to a path of the site. */
  read(path: string): string {
    return readFileSync(join(this.#root, path), "utf8");
  }

  /** A file that was added, by its logical name. */
  file(name: string): DataFile {
    const file = this.#files.get(name);
    if (!file) throw new Error(`no data file ${name}`);
    return file;
  }

  /** Every file so far, by name, and the snapshot that they make up. */
  manifest(generator: string): Manifest {
    const files = [...this.#files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    return { format: "assay-manifest-1", generator, snapshot: snapshotOf(files), previous: this.#previous, files };
  }

  /** States the SHA-256 of the manifest that this one follows. */
  follow(previous: string | null): void {
    this.#previous = previous;
  }

  /** Writes the manifest. Call it last. */
  close(manifest: Manifest): void {
    mkdirSync(join(this.#root, dirname(manifestPath)), { recursive: true });
    writeFileSync(join(this.#root, manifestPath), `${JSON.stringify(manifest, null, 1)}\n`);
  }
}

/** Hash over the names and hashes of a site's data: equal snapshots, equal data, whatever came before. */
export function snapshotOf(files: readonly DataFile[]): string {
  const current = files.filter((file) => !file.role.startsWith("earlier "));
  return hashOf(current.map(({ name, sha256: hash }) => [name, hash])).slice(0, 12);
}

function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf("."));
}
