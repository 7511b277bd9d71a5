import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AssayError, InputError, ProblemsError, type RunRecord } from "@assay/harness/contracts";
import { parseRun } from "@assay/harness/record";

/** A run as found on disk. */
export interface FoundRun {
  folder: string;
  record: RunRecord;
  /** run.json, byte for byte. */
  bytes: Uint8Array;
}

/**
 * Every run of a results folder that has been summed up, by name.
 *
 * @throws InputError `RESULTS_MISSING` @throws ProblemsError naming every record that isn't one
 */
export function readResults(results: string): FoundRun[] {
  if (!existsSync(results)) {
    throw new InputError({
      code: "RESULTS_MISSING",
      what: `There is no folder ${results}.`,
      fix: "Name the folder that holds runs/ with --results, or record a run first: assay run <task> --model <provider/name>",
    });
  }
  const root = join(results, "runs");
  const names = existsSync(root) ? readdirSync(root).sort() : [];
  const problems: AssayError[] = [];
  const runs = names.flatMap((name): FoundRun[] => {
    const path = join(root, name, "run.json");
    if (!existsSync(path)) return [];
    try {
      const bytes = readFileSync(path);
      return [{ folder: join(root, name), record: parseRun(bytes.toString("utf8"), path), bytes }];
    } catch (error) {
      problems.push(unreadable(error, path));
      return [];
    }
  });
  if (problems.length > 0) throw new ProblemsError(problems);
  return runs;
}

function unreadable(cause: unknown, path: string): AssayError {
  if (cause instanceof AssayError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  const fix = "Make it readable, or take the run's folder out of the results.";
  return new InputError({ code: "RECORD_UNREADABLE", what: `${path} can't be read.`, why, fix, cause });
}
