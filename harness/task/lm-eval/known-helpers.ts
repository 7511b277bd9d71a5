import type { Knowledge, Recogniser } from "./known-helper.ts";
import { knownShape } from "./known-shapes.ts";
import { mmluProx, mmmluSubject } from "./mmlu-prox.ts";
import type { PythonHelper, PythonModules } from "./python-modules.ts";
import { rowFilter } from "./row-filter.ts";

const recognisers: readonly Recogniser[] = [rowFilter, knownShape, mmluProx, mmmluSubject];

/** What a helper does, where its source is one that we know; never by its name. */
export function knowledgeOf(helper: PythonHelper, modules: PythonModules): Knowledge | undefined {
  for (const recognise of recognisers) {
    const known = recognise(helper, modules);
    if (known) return known;
  }
  return undefined;
}
