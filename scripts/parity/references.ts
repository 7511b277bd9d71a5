import { cases, type ParityCase } from "./cases.ts";
import { groupCases } from "./group-cases.ts";
import { inspectCases } from "./inspect-cases.ts";
import { inspectVersions, installInspect, installLmEval, lmEvalVersion } from "./install.ts";
import { ownDataCases } from "./own-data-cases.ts";

export type ReferenceId = "lm-eval" | "inspect";

/** A program whose tasks our protocols claim to ask in the same way. */
export interface Reference {
  id: ReferenceId;
  /** Name and release, for the table. */
  title: string;
  cases: readonly ParityCase[];
  /** Script beside this file that lets it do a list of jobs. */
  driver: string;
  /** Gives the Python that has it. */
  install(): string;
}

export const references: readonly Reference[] = [
  {
    id: "lm-eval",
    title: `lm-evaluation-harness ${lmEvalVersion}`,
    cases: [...cases, ...groupCases, ...ownDataCases],
    driver: "lm_eval_driver.py",
    install: installLmEval,
  },
  {
    id: "inspect",
    title: `inspect_evals ${inspectVersions.inspect_evals} with inspect_ai ${inspectVersions.inspect_ai}`,
    cases: inspectCases,
    driver: "inspect_driver.py",
    install: installInspect,
  },
];
