import { existsSync } from "node:fs";
import { join } from "node:path";
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
  return { ...resolved, task: { ...task, dataset: { path }, expected: undefined } };
}
