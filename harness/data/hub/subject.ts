import type { Repository } from "./repository.ts";

/** What a request is about, for its error messages. */
export interface Subject {
  repository: Repository;
  revision: string;
  /** Of one file, where the request is about one. */
  path?: string;
  /** The command that fetches this data. */
  pullCommand: string;
}

/** `openai/gsm8k`, or `spaces/lmsys/mt-bench`. */
export function displayName({ type, name }: Repository): string {
  return type === "space" ? `spaces/${name}` : name;
}

/** `main/test.parquet of openai/gsm8k at 740312add88f`. */
export function describeSubject({ repository, revision, path }: Subject): string {
  const at = `${displayName(repository)} at ${revision.slice(0, 12)}`;
  return path === undefined ? at : `${path} of ${at}`;
}

/** The command that fetches a task's data; for data that belongs to no task yet, its general form. */
export function pullCommandOf(taskId: string | undefined): string {
  const imported = /^lm-eval\.(.+)$/.exec(taskId ?? "")?.[1];
  if (imported !== undefined) return `assay data pull lm-eval:${imported} --lm-eval-tasks <dir>`;
  return `assay data pull ${taskId ?? "<task>"}`;
}
