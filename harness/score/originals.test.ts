import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Json, type JsonObject, metricSchema, type ScoringFields } from "../contracts/index.ts";
import { compileMetric } from "./index.ts";

/** What the Python originals say about texts of our own; made by fixtures/make-vectors.py. */
interface Vectors {
  similarity: ({ answer: string; reference: string } & Record<Measure, number>)[];
  drop: { answer?: string; spans?: string[]; target: string[][]; em: number; f1: number }[];
  ifeval: {
    responses: string[];
    instructions: { id: string; kwargs: JsonObject; strict: string; loose: string }[];
  };
}
type Measure = "bleu" | "chrf" | "rouge1" | "rouge2" | "rougeL" | "rougeLsum";

const vectors = JSON.parse(readFileSync(new URL("./fixtures/vectors.json", import.meta.url), "utf8")) as Vectors;

interface SquadRow {
  answer: string;
  target: string;
  match: number;
  f1: number;
}

/** The same of SQuAD's two metrics; made by fixtures/make-squad-vectors.py. */
const squad = JSON.parse(readFileSync(new URL("./fixtures/squad-vectors.json", import.meta.url), "utf8")) as SquadRow[];

async function score(spec: object, answer: string, fields: Partial<ScoringFields>): Promise<number | null> {
  return compileMetric(metricSchema.parse(spec)).score({
    answer,
    fields: { target: "", choices: null, answer: "", extra: {}, ...fields },
    likelihoods: null,
    unconditional: null,
    grading: null,
  });
}

describe.each(["bleu", "chrf", "rouge1", "rouge2", "rougeL", "rougeLsum"] as const)("%s", (measure) => {
  test.each(vectors.similarity)("$answer against $reference", async ({ answer, reference, ...expected }) => {
    const value = await score({ metric: "similarity", measure }, answer, { target: reference });
    expect(value).toBeCloseTo(expected[measure], 9);
  });
});

describe("DROP", () => {
  test.each(vectors.drop)("$answer $spans against $target", async ({ answer, spans, target, em, f1 }) => {
    const separator = spans ? { separator: "|" } : {};
    const given = answer ?? spans?.join("|") ?? "";
    const fields = { target: target as Json };
    expect(await score({ metric: "drop_em", ...separator }, given, fields)).toBe(em);
    expect(await score({ metric: "drop_f1", ...separator }, given, fields)).toBeCloseTo(f1, 9);
  });
});

describe("IFEval", () => {
  test.each(vectors.ifeval.instructions)("$id $kwargs", async ({ id, kwargs, strict, loose }) => {
    const extra = { instruction_id_list: [id], kwargs: [kwargs], prompt: "" };
    const ours = { strict: "", loose: "" };
    for (const response of vectors.ifeval.responses) {
      ours.strict += await score({ metric: "ifeval", level: "prompt" }, response, { extra });
      ours.loose += await score({ metric: "ifeval", level: "prompt", loose: true }, response, { extra });
    }
    const differing = (a: string, b: string) =>
      vectors.ifeval.responses.filter((_, at) => b[at] !== "-" && a[at] !== b[at]);
    expect(differing(ours.strict, strict)).toEqual([]);
    expect(differing(ours.loose, loose)).toEqual([]);
  });
});

describe("SQuAD", () => {
  test.each(squad)("$answer against $target", async ({ answer, target, match, f1 }) => {
    expect(await score({ metric: "squad_match" }, answer, { target })).toBe(match);
    expect(await score({ metric: "token_f1" }, answer, { target })).toBeCloseTo(f1, 12);
  });
});
