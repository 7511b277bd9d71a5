import { readFileSync } from "node:fs";
import type { VerdictStatus } from "../verdict.ts";

/** One program of a suite, with the verdicts it may get. */
export interface SuiteProgram {
  name: string;
  allowed: VerdictStatus[];
  code: string;
}

/** Reads a suite: sections that start with `=== name`, then a line `allowed: …`, then code. */
export function readSuite(file: string): SuiteProgram[] {
  const text = readFileSync(new URL(`../fixtures/${file}`, import.meta.url), "utf8");
  return text
    .split(/^=== /m)
    .slice(1)
    .map((section) => {
      const [name = "", allowed = "", ...code] = section.split("\n");
      return { name, allowed: allowed.replace("allowed: ", "").split(" ") as VerdictStatus[], code: code.join("\n") };
    });
}
