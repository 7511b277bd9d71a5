import { randomBytes } from "node:crypto";
import { copyFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { makeFolder } from "../../record/index.ts";

/**
 * Makes a checked file visible under its final names. Each step is one rename, so another process sees the old state or
 * the new one, and two processes that publish the same file don't disturb each other.
 */
export async function publish(temporary: string, blob: string, pointer: string): Promise<void> {
  await rename(temporary, blob);
  await pointTo(blob, pointer);
}

/** Gives a blob its name in a commit's tree. */
export async function pointTo(blob: string, pointer: string): Promise<void> {
  makeFolder(dirname(pointer));
  const link = `${pointer}.${uniqueSuffix()}`;
  try {
    await symlink(relative(dirname(pointer), blob), link);
  } catch {
    // File systems without links (and Windows without the right to make them) get a copy, as the Python client does.
    await copyFile(blob, link);
  }
  await rename(link, pointer).catch(async (error: unknown) => {
    await rm(link, { force: true });
    throw error;
  });
}

/** Records which commit a branch was at, for offline use by this branch's name. */
export async function writeRef(ref: string, commit: string): Promise<void> {
  makeFolder(dirname(ref));
  const temporary = `${ref}.${uniqueSuffix()}`;
  await writeFile(temporary, commit);
  await rename(temporary, ref);
}

/** Tells the temporary files of processes and attempts apart. */
export function uniqueSuffix(): string {
  return `${process.pid}-${randomBytes(4).toString("hex")}.incomplete`;
}
