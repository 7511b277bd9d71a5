import type { MetricSpec } from "../../contracts/index.ts";
import type { Fields } from "./expressions.ts";
import type { PythonHelper, PythonModules } from "./python-modules.ts";

/** What a Python helper that we know does, in our own terms. */
export interface Knowledge {
  /** `process_docs`: expression that holds for the rows that stay. */
  keep?: string;
  /** `process_docs`: derived columns, in order. */
  fields?: Fields;
  /** A `doc_to_…` function: template or `{{ expression }}`. */
  value?: string;
  /** `doc_to_text` that gives the number of a choice: the choices are contexts, the target is what is scored. */
  position?: string;
  /** `process_results`: the metrics that it computes, under lm-eval's names, and what is right to them. */
  scoring?: { metrics: MetricSpec[]; target: string };
}

/** Recognises one kind of helper by its source. */
export type Recogniser = (helper: PythonHelper, modules: PythonModules) => Knowledge | undefined;
