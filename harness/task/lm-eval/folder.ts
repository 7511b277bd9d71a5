import { existsSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { InputError } from "../../contracts/index.ts";
import { type Config, ConfigReader } from "./config-file.ts";

/** A task as its YAML file and includes define it. */
export interface LmEvalEntry {
  name: string;
  /** `python`: a class in Python. */
  kind: "task" | "python" | "group";
  /** Of the YAML file, inside the folder. */
  path: string;
  config: Config;
}

/** A folder of lm-evaluation-harness tasks, indexed. */
export interface LmEvalFolder {
  root: string;
  entries: ReadonlyMap<string, LmEvalEntry>;
  /** Tag → names of tasks, sorted. */
  tags: ReadonlyMap<string, readonly string[]>;
  /** Files that define nothing that could be run, with the reason. lm-eval skips them silently. */
  unreadable: readonly { path: string; why: string }[];
}

const ignored = /(?:^|\/)(?:__pycache__|\.ipynb_checkpoints)\//;

/**
 * Reads every `*.yaml` below a folder as lm-eval's index does: in the order of paths, the first definition of a name wins.
 *
 * @throws InputError `LM_EVAL_FOLDER_MISSING`
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/v0.4.13/lm_eval/tasks/_index.py
 */
export function openLmEvalFolder(folder: string): LmEvalFolder {
  const root = taskRoot(folder);
  const reader = new ConfigReader();
  const entries = new Map<string, LmEvalEntry>();
  const tags = new Map<string, Set<string>>();
  const unreadable: { path: string; why: string }[] = [];
  for (const path of yamlFiles(root)) {
    try {
      const entry = entryOf(reader.read(join(root, path)), path);
      if (entries.has(entry.name)) unreadable.push({ path, why: `${entry.name} is defined before` });
      else addEntry(entry, entries, tags);
    } catch (error) {
      unreadable.push({ path, why: (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "" });
    }
  }
  return {
    root,
    entries,
    tags: new Map([...tags].map(([tag, names]) => [tag, [...names].sort()])),
    unreadable,
  };
}

/** A checkout of the whole project works as well as its task folder. */
function taskRoot(folder: string): string {
  const root = resolve(folder);
  const inCheckout = join(root, "lm_eval", "tasks");
  if (existsSync(inCheckout)) return inCheckout;
  if (existsSync(root)) return root;
  throw new InputError({
    code: "LM_EVAL_FOLDER_MISSING",
    what: `There is no folder ${folder}.`,
    fix: "Point --lm-eval-tasks at a checkout of lm-evaluation-harness, at its lm_eval/tasks, or at a folder of your own.",
  });
}

function yamlFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith(".yaml") && !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !ignored.test(path))
    .sort((a, b) => (a < b ? -1 : 1));
}

function entryOf(config: Config, path: string): LmEvalEntry {
  const kind = "class" in config ? "python" : "group" in config ? "group" : "task";
  const name = config[kind === "group" ? "group" : "task"];
  if (typeof name !== "string") throw new Error("it names neither a task nor a group");
  return { name, kind, path, config };
}

function addEntry(entry: LmEvalEntry, entries: Map<string, LmEvalEntry>, tags: Map<string, Set<string>>): void {
  entries.set(entry.name, entry);
  if (entry.kind === "group") return;
  for (const tag of [entry.config.tag ?? []].flat() as string[]) {
    const names = tags.get(tag) ?? new Set();
    tags.set(tag, names.add(entry.name));
  }
}
