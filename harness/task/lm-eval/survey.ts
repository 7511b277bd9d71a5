import type { Refusal } from "./refusal.ts";
import type { LmEvalSource } from "./resolve-lm-eval.ts";
import { translate } from "./translate.ts";

/** What of a task folder can be run, and why the rest can't. */
export interface LmEvalSurvey {
  root: string;
  tasks: number;
  runnable: string[];
  groups: number;
  tags: number;
  refused: { task: string; path: string; reasons: Refusal[] }[];
  /** Reason → tasks it concerns (a task may have several), the most frequent first. */
  reasons: { reason: Refusal["reason"]; tasks: number; onlyReason: number; examples: string[] }[];
  /** YAML files that define nothing. */
  unreadable: readonly { path: string; why: string }[];
}

const examplesShown = 3;

/** Translates every task of a folder. */
export function surveyLmEval({ folder, modules }: LmEvalSource): LmEvalSurvey {
  const runnable: string[] = [];
  const refused: LmEvalSurvey["refused"] = [];
  let groups = 0;
  for (const entry of folder.entries.values()) {
    if (entry.kind === "group") {
      groups += 1;
      continue;
    }
    const translated = translate(entry, modules);
    if ("refusals" in translated) refused.push({ task: entry.name, path: entry.path, reasons: translated.refusals });
    else runnable.push(entry.name);
  }
  return {
    root: folder.root,
    tasks: runnable.length + refused.length,
    runnable: runnable.sort(),
    groups,
    tags: folder.tags.size,
    refused,
    reasons: reasonsOf(refused),
    unreadable: folder.unreadable,
  };
}

function reasonsOf(refused: LmEvalSurvey["refused"]): LmEvalSurvey["reasons"] {
  const all = new Map<Refusal["reason"], LmEvalSurvey["reasons"][number]>();
  for (const { reasons } of refused) {
    const kinds = new Set(reasons.map(({ reason }) => reason));
    for (const reason of kinds) {
      const entry = all.get(reason) ?? { reason, tasks: 0, onlyReason: 0, examples: [] };
      entry.tasks += 1;
      if (kinds.size === 1) entry.onlyReason += 1;
      all.set(reason, entry);
    }
    for (const { reason, detail } of reasons) {
      const examples = all.get(reason)?.examples ?? [];
      if (examples.length < examplesShown && !examples.includes(detail)) examples.push(detail);
    }
  }
  return [...all.values()].sort((a, b) => b.tasks - a.tasks);
}
