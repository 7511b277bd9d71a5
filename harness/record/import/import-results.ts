import { type AssayError, InputError, ProblemsError, type RunRecord } from "../../contracts/index.ts";
import { type ForeignFile, foreignPaths, parsePythonJson, readForeign } from "./foreign-files.ts";
import { type ForeignRun, writeForeignRun } from "./imported-run.ts";
import { readInspect } from "./inspect.ts";
import { readLmEval } from "./lm-eval.ts";

/** A run of another program that now stands beside ours. */
export interface Imported {
  record: RunRecord;
  folder: string;
  from: string;
}

/**
 * Imports results of lm-evaluation-harness (with the samples beside them) and logs of Inspect. Importing a file again finds
 * the same runs.
 *
 * @param path - a file, or a folder that is searched
 * @throws InputError with what is wrong with a file; ProblemsError after the good files, where several of a folder are bad
 */
export async function* importResults(path: string, { results }: { results: string }): AsyncGenerator<Imported> {
  const problems: AssayError[] = [];
  for (const found of foreignPaths(path)) {
    try {
      for (const foreign of await runsIn(await readForeign(found)))
        yield { ...(await writeForeignRun(results, foreign)), from: found };
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error);
    }
  }
  if (problems.length > 1) throw new ProblemsError(problems);
  if (problems[0]) throw problems[0];
}

async function runsIn(file: ForeignFile): Promise<ForeignRun[]> {
  if (file.path.endsWith(".eval")) return [readInspect(file)];
  const value = parsePythonJson(file.bytes.toString("utf8"), file.path);
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  if (keys.includes("results") && keys.includes("configs")) return await readLmEval(file);
  if (keys.includes("eval") && keys.includes("version")) return [readInspect(file)];
  throw new InputError({
    code: "IMPORT_UNKNOWN_FORM",
    what: `${file.path} is neither results of lm-evaluation-harness nor a log of Inspect.`,
    why: `Its keys are ${keys.slice(0, 8).join(", ") || "none"}.`,
    fix: "Name a results_*.json, or a log of Inspect (.json, .eval).",
  });
}
