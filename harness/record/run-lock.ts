import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { InputError } from "../contracts/index.ts";

/** A connection that nobody refers to is collected and closed, and its lock with it: the locks we hold stay reachable here. */
const held = new Set<DatabaseSync>();

/**
 * Takes a run's folder for this process. The lock is the operating system's own (through SQLite's exclusive
 * transaction), so it ends with the process, however that ends: nothing stale is left after `kill -9`.
 *
 * @returns a function that gives the folder back.
 * @throws InputError `RUN_LOCKED` when another process has it; `RESULTS_UNWRITABLE` where it can't be locked at all.
 */
export function lockRun(folder: string): () => void {
  const path = join(folder, ".lock");
  const database = openLock(path, folder);
  const opened = fileNumber(path);
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
    // Whoever had the lock may have removed its file after we opened it: what we locked would be nobody's then.
    if (opened === undefined || fileNumber(path) !== opened) throw taken(folder);
  } catch (cause) {
    database.close();
    if (cause instanceof InputError) throw cause;
    throw (cause as { errcode?: number }).errcode === busy ? taken(folder, cause) : unlockable(folder, cause);
  }
  held.add(database);
  return () => {
    held.delete(database);
    rmSync(path, { force: true });
    database.close();
  };
}

function openLock(path: string, folder: string): DatabaseSync {
  try {
    return new DatabaseSync(path);
  } catch (cause) {
    throw unlockable(folder, cause);
  }
}

/** SQLITE_BUSY */
const busy = 5;

function taken(folder: string, cause?: unknown): InputError {
  return new InputError({
    code: "RUN_LOCKED",
    what: `Another process is working on the run in ${folder}.`,
    why: "Two writers would mix up its journal.",
    fix: "Wait for the other one to end, or stop it; then issue the same command again to resume.",
    cause,
  });
}

function unlockable(folder: string, cause: unknown): InputError {
  return new InputError({
    code: "RESULTS_UNWRITABLE",
    what: `The run in ${folder} can't be locked.`,
    why: cause instanceof Error ? cause.message : String(cause),
    fix: "Name a folder on a file system that you may write to and that knows locks: --results <dir>.",
    cause,
  });
}

function fileNumber(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}
