import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError, nearestName } from "../contracts/index.ts";

/** The tasks that come with Assay. */
export const bundledTasks = fileURLToPath(new URL("../../tasks", import.meta.url));

/** Folders that tasks are looked up in, first hit wins: `--tasks`, then `./tasks`, then the bundled ones. @throws InputError `TASK_FOLDER_MISSING` */
export function taskRoots(extra: readonly string[] = []): string[] {
  for (const folder of extra) if (!existsSync(folder)) throw missingFolder(folder);
  const roots = [...extra.map((folder) => resolve(folder)), resolve("tasks"), bundledTasks];
  return [...new Set(roots)].filter((folder) => existsSync(folder));
}

function missingFolder(folder: string): InputError {
  return new InputError({
    code: "TASK_FOLDER_MISSING",
    what: `There is no folder ${folder}.`,
    fix: "Correct --tasks: it takes a folder that holds one folder a task, each with a task.yaml.",
  });
}

/** All task folders by id. */
export function findTasks(roots: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const root of roots) {
    for (const entry of readdirSync(root, { withFileTypes: true })) {
      if (!entry.isDirectory() || found.has(entry.name)) continue;
      const folder = join(root, entry.name);
      if (existsSync(join(folder, "task.yaml"))) found.set(entry.name, folder);
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Folder of one task. @throws InputError `TASK_UNKNOWN` with the nearest name. */
export function findTask(roots: readonly string[], id: string): string {
  for (const root of roots) {
    const folder = join(root, id);
    if (/^[a-z0-9][a-z0-9._-]*$/.test(id) && existsSync(join(folder, "task.yaml"))) return folder;
  }
  const meant = nearestName(id, findTasks(roots).keys());
  throw new InputError({
    code: "TASK_UNKNOWN",
    what: `There is no task "${id}".`,
    fix: `${meant ? `Did you mean "${meant}"? ` : ""}\`assay tasks\` lists them all.`,
  });
}

/** Protocol ids of a task folder, sorted. */
export function protocolIds(folder: string): string[] {
  const protocols = join(folder, "protocols");
  if (!existsSync(protocols)) return [];
  return readdirSync(protocols)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -".yaml".length))
    .sort();
}
