import type { Protocol, TaskFile } from "../../contracts/index.ts";
import type { LintFinding } from "./finding.ts";
import { untoldFormat } from "./untold-format.ts";

/** What the rules that need no data look at. */
export interface LintSubject {
  task: Pick<TaskFile, "evaluate" | "categories" | "card">;
  protocol: Protocol;
  /** Top-level fields that the protocol's files state; the others are defaults. */
  stated: ReadonlySet<string>;
}

/** Fewer items than this make one draw an answer of chance. */
const fewItems = 200;

/**
 * Rules over the fields alone.
 *
 * @param items - number of evaluated items where the data are here; otherwise the card's size counts
 */
export function lintFields(subject: LintSubject, items?: number): LintFinding[] {
  return [
    shotsFromEvaluated(subject),
    untoldFormat(subject.protocol),
    averageUnset(subject),
    ...sampling(subject, items),
  ].filter((finding) => finding !== undefined);
}

function shotsFromEvaluated({ task, protocol }: LintSubject): LintFinding | undefined {
  const { shots } = protocol;
  const evaluated = protocol.evaluate ?? task.evaluate;
  if (shots.count === 0 || shots.sampler === "fixed" || (shots.split ?? "train") !== evaluated) return undefined;
  if (shots.exclude !== "none") return undefined;
  return {
    rule: "shots-overlap",
    what: `shots are drawn from ${evaluated}, which is evaluated, and \`exclude: none\` lets an item be its own shot`,
  };
}

function averageUnset({ task, protocol, stated }: LintSubject): LintFinding | undefined {
  const levels = Object.keys(task.categories);
  if (levels.length === 0) return undefined;
  if (!stated.has("average"))
    return {
      rule: "average-unset",
      what: `the task has categories (${levels.join(", ")}), and \`average\` isn't written: micro is only the default`,
    };
  if (protocol.average === "macro" && protocol.macroOver === undefined)
    return { rule: "average-unset", what: `\`average: macro\` without \`macroOver\`; levels are ${levels.join(", ")}` };
  return undefined;
}

function sampling({ task, protocol }: LintSubject, items: number | undefined): LintFinding[] {
  if (protocol.method !== "generate") return [];
  const { temperature } = protocol.generate;
  const size = items ?? task.card.size;
  if (temperature === 0 && protocol.epochs > 1)
    return [
      {
        rule: "greedy-repeats",
        what: `${protocol.epochs} samples an item at temperature 0 are ${protocol.epochs} times the same`,
      },
    ];
  if (temperature !== null && temperature > 0 && protocol.epochs === 1 && size !== undefined && size < fewItems)
    return [{ rule: "sampled-once", what: `one sample an item at temperature ${temperature} on ${size} items` }];
  return [];
}
