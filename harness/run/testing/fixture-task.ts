import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Protocol } from "../../contracts/index.ts";
import { bundledTasks, type Flag, type Resolved, resolve } from "../../task/index.ts";

/** Where rows of our own stand for a file of a task's data set: `a/test-00000-of-00001.parquet` → `fixtures/a/test.jsonl`. */
function fixtureOf(path: string): string {
  return `fixtures/${path.replace(/-\d{5}-of-\d{5}(?:-[0-9a-f]+)?(?=\.)/, "").replace(/\.[a-z.]+$/, ".jsonl")}`;
}

/** Does a bundled task have rows of our own? */
export function hasFixtures(task: string): boolean {
  return existsSync(join(bundledTasks, task, "fixtures"));
}

/** A bundled task under one protocol, over rows of our own in the shape of its data set. */
export function resolveFixture(reference: string, flags: readonly Flag[] = []): Resolved {
  const resolved = resolve(reference, { roots: [bundledTasks], flags });
  const { folder, task } = resolved;
  if (!("repo" in task.dataset)) return resolved;
  const present = Object.entries(task.dataset.splits ?? {}).map(([split, paths]) => {
    const files = [paths].flat().map(fixtureOf);
    return [split, files.filter((file) => existsSync(join(folder, file)))] as const;
  });
  const path = Object.fromEntries(present.filter(([, files]) => files.length > 0));
  return {
    ...resolved,
    protocol: withOwnShots(resolved.protocol, (split) => rowsIn((path[split] ?? []).map((file) => join(folder, file)))),
    task: { ...task, dataset: { path }, expected: undefined },
  };
}

/** Rows that a protocol knows by a hash of their text or their place can't be among ours: the first of ours stand for them. */
function withOwnShots(protocol: Protocol, rows: (split: string) => number): Protocol {
  const { shots } = protocol;
  if (shots.key === undefined) return protocol;
  const { key: _key, ...rest } = shots;
  const own = rows(shots.split ?? "");
  return { ...protocol, shots: { ...rest, ids: shots.ids?.map((_, row) => `${shots.split}/${row % own}`) } };
}

function rowsIn(files: readonly string[]): number {
  return files.reduce((rows, file) => rows + readFileSync(file, "utf8").trimEnd().split("\n").length, 0);
}
