import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bundledTasks, type Flag, loadTask, type Resolved, resolve } from "../task/index.ts";
import type { Planned } from "./plan.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { goldOf, scoreAnswers, specimenOf } from "./testing/score-answers.ts";

const shared = process.env.ASSAY_SHARED ?? join(import.meta.dirname, "../../../shared");
const serverScript = join(shared, "tools/hub-server.mjs");
const isRequired = (process.env.ASSAY_REQUIRE ?? "").split(/[\s,]+/).includes("hub");
const isAbsent = !existsSync(serverScript);

/** Items that a protocol asks, where it isn't all of the task's. */
const fewer: Record<string, number> = {
  "mmlu@lm-eval-flan-cot-zeroshot": 1_531,
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
  .filter(canBeAsked);

/** Of some data sets the mirror has no training split, so that their shots can't be drawn; a whole text has no right answer. */
function canBeAsked(reference: string): boolean {
  const { task, protocol } = resolve(reference, { roots: [bundledTasks] });
  if (protocol.method === "perplexity" || !("repo" in task.dataset)) return false;
  const { repo, splits } = task.dataset;
  const shots = protocol.shots.count > 0 ? [splits?.[protocol.shots.split ?? ""] ?? []].flat() : [];
  return isAbsent || shots.some((path) => existsSync(join(shared, "hub/datasets", repo, path))) || shots.length === 0;
}

let server: ChildProcess | undefined;
afterAll(() => {
  server?.kill();
  vi.unstubAllEnvs();
});

/** The task over the files that the mirror holds. */
function resolvePresent(reference: string, flags: Flag[] = []): { resolved: Resolved; isWhole: boolean; rows: number } {
  const resolved = resolve(reference, { roots: [bundledTasks], flags });
  const { task, protocol } = resolved;
  const { dataset, expected } = task;
  if (!("repo" in dataset)) throw new Error(`${task.id} isn't on the Hub`);
  const isPresent = (path: string) => existsSync(join(shared, "hub/datasets", dataset.repo, path));
  const all = Object.entries(dataset.splits ?? {});
  const splits = Object.fromEntries(all.map(([split, paths]) => [split, [paths].flat().filter(isPresent)]));
  const evaluated = protocol.evaluate ?? task.evaluate;
  const isWhole = splits[evaluated]?.length === [dataset.splits?.[evaluated] ?? []].flat().length;
  const parts = all.filter(([split, path]) => split !== evaluated && splits[evaluated]?.includes(String(path)));
  const rows = isWhole
    ? (expected?.rows?.[evaluated] ?? 0)
    : parts.reduce((sum, [split]) => sum + (expected?.rows?.[split] ?? 0), 0);
  const pinned = isWhole ? expected : undefined;
  return {
    resolved: { ...resolved, task: { ...task, dataset: { ...dataset, splits }, expected: pinned } },
    isWhole,
    rows,
  };
}

async function open(reference: string, flags: Flag[] = []): Promise<Prepared & { rows: number; isWhole: boolean }> {
  const { resolved, rows, isWhole } = resolvePresent(reference, flags);
  const noModel = { provider: "none", name: "none", baseUrl: null, options: {} };
  return { ...(await prepare(resolved, noModel)), rows, isWhole };
}

describe.skipIf(isAbsent && !isRequired)("published data under bundled protocols (needs the mirror)", () => {
  beforeAll(async () => {
    if (isAbsent) throw new Error("ASSAY_REQUIRE asks for the mirror, and it isn't there; set ASSAY_SHARED.");
    server = spawn(process.execPath, [serverScript], { stdio: ["ignore", "pipe", "inherit"] });
    const [endpoint] = (await once(createInterface({ input: server.stdout! }), "line")) as [string];
    vi.stubEnv("HF_ENDPOINT", endpoint);
    vi.stubEnv("HF_HOME", mkdtempSync(join(tmpdir(), "assay-protocols-")));
    vi.stubEnv("HF_TOKEN", undefined);
  });

  test.each(references)(
    "%s asks the official items, and reads every right answer",
    { timeout: 120_000 },
    async (reference) => {
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
    },
  );
});
