import { join } from "node:path";
import { expect, test } from "vitest";
import { bundledTasks, type Flag, loadTask } from "../task/index.ts";
import type { Planned } from "./plan.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { canBeAsked, describeOverMirror, isMirrorAbsent, resolvePresent } from "./testing/mirror.ts";
import { goldOf, scoreAnswers, specimenOf } from "./testing/score-answers.ts";

/** Items that a protocol asks, where it isn't all of the task's. */
const fewer: Record<string, number> = {
  "mmlu@lm-eval-flan-cot-zeroshot": 1_531,
  "mmlu@inspect": 13_937,
  "mmlu@inspect-cot": 13_937,
  "mmlu@inspect-5-shot": 14_015,
  "mmlu@inspect-5-shot-fixed": 14_015,
  "arc_challenge@llama-3": 1_165,
  "arc_challenge@llama-3-fixed": 1_165,
  "arc_easy@llama-3": 2_365,
  "arc_easy@llama-3-fixed": 2_365,
};

/**
 * Right answers that a protocol's extractor can't read, however they are given: BIG-Bench Hard has items whose answer is a text that
 * isn't an option, and its zero-shot readers look for options.
 */
function isUnreadable(reference: string, { scoring }: Planned): boolean {
  const target = typeof scoring.target === "string" ? scoring.target : JSON.stringify(scoring.target);
  if (reference === "simpleqa@string-match") return target.trim().includes("\n");
  if (reference === "truthfulqa@lm-eval-gen") return isBelowFourWords(scoring.target);
  if (!/^bbh@lm-eval-(?:cot-)?zeroshot/.test(reference)) return false;
  return scoring.choices !== null && !scoring.choices.includes(target) && !/^\([A-Z]\)$/.test(target);
}

/** BLEU looks at runs of up to four words: a shorter answer has none, and is 0 even if it is the reference itself. */
function isBelowFourWords(target: unknown): boolean {
  const text = String(Array.isArray(target) ? target[0] : target);
  return (text.match(/[\p{L}\p{M}\p{N}]+(?:[.,]\p{N}+)*|[^\s\p{L}\p{M}\p{N}]/gu) ?? []).length < 4;
}

const official: Record<string, number> = {
  gsm8k: 1_319,
  arc_challenge: 1_172,
  arc_easy: 2_376,
  mmlu: 14_042,
  mmlu_pro: 12_032,
  bbh: 6_511,
  mgsm: 2_750,
  hellaswag: 10_042,
  winogrande: 1_267,
  boolq: 3_270,
  lambada: 5_153,
  truthfulqa: 817,
  simpleqa: 4_326,
};
const references = Object.keys(official)
  .flatMap((id) => loadTask(join(bundledTasks, id)).protocols.map((protocol) => `${id}@${protocol}`))
  .filter((reference) => isMirrorAbsent || canBeAsked(reference));

async function open(reference: string, flags: Flag[] = []): Promise<Prepared & { rows: number; isWhole: boolean }> {
  const { resolved, rows, isWhole } = resolvePresent(reference, flags);
  const noModel = { provider: "none", name: "none", baseUrl: null, options: {} };
  return { ...(await prepare(resolved, noModel)), rows, isWhole };
}

describeOverMirror("published data under bundled protocols", () => {
  test.each(references)("%s asks the official items, and reads every right answer", async (reference) => {
    const [id = ""] = reference.split("@");
    const prepared = await open(reference);
    const { method, epochs } = prepared.resolved.protocol;
    expect(prepared.setup.dataset.differs).toEqual([]);
    expect(prepared.setup.dataset.rows).toBe(prepared.rows);
    expect(prepared.items).toBe(fewer[reference] ?? (prepared.isWhole ? official[id] : prepared.rows));
    const unreadable: string[] = [];
    const { primary, wrong, outcomes } = await scoreAnswers(prepared, (planned) => {
      if (isUnreadable(reference, planned)) unreadable.push(planned.item.id);
      const gold = goldOf(planned, method);
      return typeof gold === "number" ? gold : specimenOf(planned, gold);
    });
    expect(wrong).toEqual(unreadable);
    const { average, macroOver } = prepared.resolved.protocol;
    if (average === "micro") expect(primary.value).toBeCloseTo(1 - unreadable.length / prepared.items, 12);
    else expect([primary.group, primary.value]).toEqual([`macro:${macroOver}`, 1]);
    expect((outcomes.scored ?? 0) + (outcomes.unparsed ?? 0)).toBe(prepared.items * epochs);
  });
});
