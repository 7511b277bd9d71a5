import { ContentError } from "../errors/content-error.ts";

/** A repository whose name is safe to put into a URL and a path. */
export interface Repository {
  type: "dataset" | "space";
  /** `owner/name`, or the bare name of one of the Hub's oldest data sets. */
  name: string;
}

const namePattern = /^[A-Za-z0-9][\w.-]*(?:\/[A-Za-z0-9][\w.-]*)?$/;

/** Reads `owner/name` (a data set) or `spaces/owner/name`. @throws ContentError `DATA_SPEC_INVALID` */
export function parseRepository(repo: string): Repository {
  const isSpace = repo.startsWith("spaces/");
  const name = repo.replace(/^(?:spaces|datasets)\//, "");
  if (!namePattern.test(name) || name.includes("..")) {
    throw invalid(`${JSON.stringify(repo)} is not the name of a repository.`, "Write owner/name, as in openai/gsm8k.");
  }
  return { type: isSpace ? "space" : "dataset", name };
}

/** Refuses what would leave the repository's folder. @throws ContentError `DATA_SPEC_INVALID` */
export function checkRepositoryPath(path: string): void {
  const isSafe = path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  if (isSafe && !/[\\:\0]/.test(path)) return;
  throw invalid(
    `${JSON.stringify(path)} is not a path inside a repository.`,
    "Write it as the Hub shows it: main/test.parquet.",
  );
}

/** Refuses what can't be a commit, branch, tag or pull-request reference. @throws ContentError `DATA_SPEC_INVALID` */
export function checkRevision(revision: string): void {
  const isSafe = /^[\w./-]+$/.test(revision) && revision.split("/").every((part) => part !== "" && !/^\.+$/.test(part));
  if (isSafe) return;
  throw invalid(
    `${JSON.stringify(revision)} is not a revision.`,
    "Write a commit of 40 hex digits, or a branch such as main.",
  );
}

/** Is this a commit, the only kind of revision that always means the same bytes? */
export const isCommit = (revision: string): boolean => /^[0-9a-f]{40}$/.test(revision);

function invalid(what: string, fix: string): ContentError {
  return new ContentError({ code: "DATA_SPEC_INVALID", what, fix: `${fix} Correct the task's dataset.` });
}
