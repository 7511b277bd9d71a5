import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gunzipSync, gzipSync } from "node:zlib";
import { AssayError, type ModelResponse } from "../contracts/index.ts";
import { makeFolder } from "../record/index.ts";

/** What the cache holds of one model. */
export interface CacheEntry {
  model: string;
  responses: number;
  bytes: number;
  lastUsed: string;
}

/** Responses by what was asked, shared by all runs and processes of this user. */
export interface ResponseCache {
  path: string;
  get(key: string): ModelResponse | undefined;
  /** Whether `get` would find something; doesn't count as use. */
  has(key: string): boolean;
  put(key: string, model: string, response: ModelResponse): void;
  list(): CacheEntry[];
  /** @returns how many were removed; everything, where neither age nor model is given */
  prune(what: { olderThanDays?: number; model?: string }): number;
  close(): void;
}

/** `$XDG_CACHE_HOME/assay/responses.sqlite`. */
export function defaultCachePath(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "assay", "responses.sqlite");
}

/** Opens or makes a cache. Several processes may use it at once. @throws AssayError `CACHE_UNUSABLE` */
export function openCache(path = defaultCachePath()): ResponseCache {
  return explained(path, "opened", () => {
    makeFolder(dirname(path));
    return new SqliteCache(path);
  });
}

function explained<T>(path: string, done: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new AssayError({
      code: "CACHE_UNUSABLE",
      what: `The response cache at ${path} can't be ${done}.`,
      why: cause instanceof Error ? cause.message : String(cause),
      fix: "Free the disk or delete the file; or run with --no-cache.",
      cause,
    });
  }
}

/** Responses that are written together, and the longest that one waits for the others. */
const mostWaiting = 64;
const writeEveryMs = 50;

/** Characters from which on a response is compressed. */
const leastCompressed = 4096;

/** How long another process may keep a cache locked. */
const longestLockedMs = 10_000;

/**
 * Tries again while another process has the database. SQLite's own time-out doesn't cover the change to write-ahead logging:
 * of two processes that make one cache at the same moment, one is refused at once.
 */
function patiently(work: () => void): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; ; waited += 10) {
    try {
      work();
      return;
    } catch (error) {
      const isLocked = (error as { errcode?: number }).errcode === 5;
      if (!isLocked || waited >= longestLockedMs) throw error;
      Atomics.wait(pause, 0, 0, 10);
    }
  }
}

type Statement = ReturnType<DatabaseSync["prepare"]>;

class SqliteCache implements ResponseCache {
  readonly path: string;
  readonly #database: DatabaseSync;
  readonly #find: Statement;
  readonly #exists: Statement;
  readonly #touch: Statement;
  readonly #insert: Statement;
  readonly #waiting = new Map<string, { model: string; value: Uint8Array; used: number }>();
  #timer: NodeJS.Timeout | undefined;
  #trouble: Error | undefined;

  constructor(path: string) {
    this.path = path;
    this.#database = new DatabaseSync(path);
    this.#database.exec(`PRAGMA busy_timeout = ${longestLockedMs}`);
    patiently(() => this.#database.exec("PRAGMA journal_mode = WAL"));
    this.#database.exec(`
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS responses (
        key TEXT PRIMARY KEY, model TEXT NOT NULL, value BLOB NOT NULL, used INTEGER NOT NULL
      );
    `);
    this.#find = this.#database.prepare("SELECT value, used FROM responses WHERE key = ?");
    this.#exists = this.#database.prepare("SELECT 1 FROM responses WHERE key = ?");
    this.#touch = this.#database.prepare("UPDATE responses SET used = ? WHERE key = ?");
    this.#insert = this.#database.prepare(
      "INSERT OR REPLACE INTO responses (key, model, value, used) VALUES (?, ?, ?, ?)",
    );
  }

  get(key: string): ModelResponse | undefined {
    const waiting = this.#waiting.get(key);
    const row = waiting ?? (this.#find.get(key) as { value: Uint8Array; used: number } | undefined);
    if (!row) return undefined;
    // Once a day is enough to know what is in use; a write for every read would not be.
    if (Date.now() - row.used > 86_400_000) this.#markUsed(key);
    return readResponse(row.value);
  }

  /** Another process may be writing for long: then the next read marks it. */
  #markUsed(key: string): void {
    try {
      this.#touch.run(Date.now(), key);
    } catch {
      // Nothing is lost but a date.
    }
  }

  has(key: string): boolean {
    return this.#waiting.has(key) || this.#exists.get(key) !== undefined;
  }

  put(key: string, model: string, response: ModelResponse): void {
    if (this.#trouble) throw this.#trouble;
    const value = pack(JSON.stringify(response));
    this.#waiting.set(key, { model, value, used: Date.now() });
    if (this.#waiting.size >= mostWaiting) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), writeEveryMs);
  }

  /** One transaction for many responses costs little more than for one. What fails is told to the next `put`. */
  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      for (const [key, { model, value, used }] of this.#waiting) this.#insert.run(key, model, value, used);
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#trouble = error instanceof Error ? error : new Error(String(error));
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    }
    this.#waiting.clear();
  }

  list(): CacheEntry[] {
    this.#write();
    const byModel =
      "SELECT model, count(*) AS responses, sum(length(value)) AS bytes, max(used) AS used FROM responses GROUP BY model ORDER BY model";
    const rows = explained(this.path, "read", () => this.#database.prepare(byModel).all()) as {
      model: string;
      responses: number;
      bytes: number;
      used: number;
    }[];
    return rows.map(({ used, ...row }) => ({ ...row, lastUsed: new Date(used).toISOString() }));
  }

  prune({ olderThanDays = 0, model }: { olderThanDays?: number; model?: string }): number {
    this.#write();
    const before = Date.now() - olderThanDays * 86_400_000;
    const old = "DELETE FROM responses WHERE used <= ? AND (? IS NULL OR model = ?)";
    const { changes } = explained(this.path, "pruned", () =>
      this.#database.prepare(old).run(before, model ?? null, model ?? null),
    );
    try {
      this.#database.exec("VACUUM");
    } catch {
      // Another process is using the cache: the space is used again, if not given back.
    }
    return Number(changes);
  }

  close(): void {
    this.#write();
    this.#database.close();
  }
}

/** A response that can't be read any more is one that isn't there: it is asked for again, and replaced. */
function readResponse(value: Uint8Array): ModelResponse | undefined {
  try {
    return { ...(JSON.parse(unpack(value)) as ModelResponse), cached: true };
  } catch {
    return undefined;
  }
}

/** Short texts are kept as they are: compressing them costs more time than it saves space. */
function pack(text: string): Uint8Array {
  return text.length < leastCompressed ? Buffer.from(text) : gzipSync(text, { level: 1 });
}

function unpack(value: Uint8Array): string {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString("utf8");
}
