import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type JsonObject, metricSchema } from "../../contracts/index.ts";
import { compileMetric } from "../index.ts";
import { instructionChecks, instructionCount } from "./ifeval.ts";

interface Request {
  instruction_id_list: string[];
  kwargs: JsonObject[];
  prompt?: string;
}

function fieldsOf(extra: Request) {
  return { target: "", choices: null, answer: "", extra: { ...extra } };
}

async function score(request: Request, answer: string | null, spec: object = { level: "prompt" }) {
  const metric = compileMetric(metricSchema.parse({ metric: "ifeval", ...spec }));
  return metric.score({
    answer,
    fields: fieldsOf(request),
    likelihoods: null,
    unconditional: null,
    grading: null,
  });
}

const one = (id: string, kwargs: JsonObject = {}): Request => ({ instruction_id_list: [id], kwargs: [kwargs] });

const many = (count: number, text: string) => Array.from({ length: count }, () => text).join(" ");

/** For each of the 25 instructions a response that follows it and one that doesn't. */
const examples: [id: string, kwargs: JsonObject, follows: string, doesNot: string][] = [
  ["keywords:existence", { keywords: ["kettle", "steam"] }, "Steam left the KETTLE.", "The kettle was cold."],
  ["keywords:frequency", { keyword: "owl", frequency: 2, relation: "at least" }, "An owl is an owl.", "One owl."],
  ["keywords:frequency", { keyword: "owl", frequency: 2, relation: "less than" }, "One owl.", "An owl is an owl."],
  ["keywords:forbidden_words", { forbidden_words: ["rain"] }, "It rained on the train.", "No Rain, please."],
  ["keywords:letter_frequency", { letter: "z", let_frequency: 2, let_relation: "at least" }, "Zigzag.", "Zebra."],
  ["keywords:letter_frequency", { letter: "#", let_frequency: 2, let_relation: "at least" }, "# One\n## Two", "# One"],
  [
    "language:response_language",
    { language: "fr" },
    "Il faisait très froid ce matin, alors nous sommes restés à la maison.",
    "It was very cold this morning, so we stayed at home all day.",
  ],
  ["length_constraints:number_sentences", { num_sentences: 3, relation: "at least" }, "One. Two! Three?", "One. Two."],
  ["length_constraints:number_paragraphs", { num_paragraphs: 2 }, "One.\n***\nTwo.", "One.\n\nTwo."],
  [
    "length_constraints:number_words",
    { num_words: 5, relation: "less than" },
    "Only four words here.",
    many(5, "word"),
  ],
  [
    "length_constraints:nth_paragraph_first_word",
    { num_paragraphs: 2, nth_paragraph: 2, first_word: "Then" },
    'First this.\n\n"Then," she said.',
    "First this.\n\nNext that.",
  ],
  ["detectable_content:number_placeholders", { num_placeholders: 2 }, "Dear [name], at [place].", "Dear [name]."],
  ["detectable_content:postscript", { postscript_marker: "P.S." }, "Bye.\nP.S. Write soon.", "Bye. PS write soon."],
  ["detectable_content:postscript", { postscript_marker: "P.P.S" }, "Bye.\nP.P.S. Write.", "Bye.\nP.S. Write."],
  ["detectable_format:number_bullet_lists", { num_bullets: 2 }, "* one\n- two", "* one\n* two\n* three"],
  ["detectable_format:constrained_response", {}, "My answer is no.", "No."],
  ["detectable_format:number_highlighted_sections", { num_highlights: 2 }, "*one* and *two*", "*one* and **"],
  [
    "detectable_format:multiple_sections",
    { section_spliter: "Section", num_sections: 2 },
    "Section 1\nA\nSection 2\nB",
    "Section 1\nA\nPart 2\nB",
  ],
  ["detectable_format:json_format", {}, '```json\n{"a": [1, 2]}\n```', "{a: 1}"],
  ["detectable_format:title", {}, "<<A walk>>\nWe walked.", "<A walk>\nWe walked."],
  ["combination:two_responses", {}, "Yes, it is.\n******\nNo, it isn't.", "Yes.\n******\nYes."],
  ["combination:repeat_prompt", { prompt_to_repeat: "Name a river." }, "name a River. The Danube.", "The Danube."],
  ["startend:end_checker", { end_phrase: "That is all." }, 'Some text. "That is ALL."', "That is all. Bye."],
  ["startend:quotation", {}, ' "All of it." ', '"Not all" of it.'],
  [
    "change_case:capital_word_frequency",
    { capital_frequency: 3, capital_relation: "at least" },
    "NASA CAN'T say.",
    "NASA can't say NO.",
  ],
  ["change_case:english_capital", {}, "THE DOOR WAS OPEN AND NOBODY WAS THERE.", "THE DOOR was open."],
  ["change_case:english_lowercase", {}, "the door was open and nobody was there.", "The door was open."],
  ["punctuation:no_comma", {}, "No such sign here; none.", "One, two."],
];

test("all 25 instructions have examples", () => {
  expect([...instructionChecks.keys()].sort()).toEqual([...new Set(examples.map(([id]) => id))].sort());
  expect(instructionChecks.size).toBe(25);
});

describe.each(examples)("%s %j", (id, kwargs, follows, doesNot) => {
  test("is followed, and is not", async () => {
    expect(await score(one(id, kwargs), follows)).toBe(1);
    expect(await score(one(id, kwargs), doesNot)).toBe(0);
  });
});

describe("the four numbers", () => {
  const request: Request = {
    instruction_id_list: ["punctuation:no_comma", "startend:quotation", "detectable_format:title"],
    kwargs: [{}, {}, {}],
  };

  test("a prompt counts where all of it is followed, an instruction by itself", async () => {
    expect(await score(request, "<<A>> no comma")).toBe(0);
    expect(await score(request, '"<<A>> no comma"')).toBe(1);
    expect(await score(request, "<<A>> no comma", { level: "instruction" })).toBeCloseTo(2 / 3, 12);
    expect(instructionCount(fieldsOf(request))).toBe(3);
  });

  test("loose looks past asterisks, the first line and the last", async () => {
    const loose = { level: "prompt", loose: true };
    expect(await score(request, 'Sure, here it is:\n"<<A>>"\nDone, as asked.')).toBe(0);
    expect(await score(request, 'Sure, here it is:\n"<<A>>"\nDone, as asked.', loose)).toBe(1);
    expect(await score(one("startend:quotation"), '**"quoted"**', loose)).toBe(1);
    expect(await score(one("startend:quotation"), '**"quoted"**')).toBe(0);
  });

  test("nothing said follows nothing", async () => {
    expect(await score(one("punctuation:no_comma"), " \n ")).toBe(0);
    expect(await score(one("punctuation:no_comma"), null)).toBeNull();
  });
});

test("an instruction or an argument that isn't known is an error, not a wrong answer", async () => {
  await expect(score(one("keywords:rhyme"), "x")).rejects.toMatchObject({ code: "IFEVAL_INSTRUCTION" });
  await expect(score(one("length_constraints:number_words", { num_words: 3 }), "x")).rejects.toMatchObject({
    code: "IFEVAL_ARGUMENT",
  });
  await expect(score(one("keywords:existence", { keywords: "a" }), "x")).rejects.toMatchObject({
    code: "IFEVAL_ARGUMENT",
  });
});

test.each([
  ["two million blanks", " ".repeat(2_000_000)],
  ["brackets that never close", "[".repeat(2_000_000)],
  ["angles", `${"<".repeat(1_000_000)}${">".repeat(1_000_000)}`],
  ["asterisks", "*".repeat(2_000_000)],
  ["empty lines", "\n".repeat(2_000_000)],
  ["zero bytes and lone surrogates", "\u0000\ud800.".repeat(300_000)],
])("%s are judged all the same", async (_name, response) => {
  for (const [id, kwargs] of examples) expect(await score(one(id, kwargs), response)).toBeOneOf([0, 1]);
});

const shared = process.env.ASSAY_SHARED ?? join(import.meta.dirname, "../../../../shared");
const published = join(shared, "hub/datasets/google/IFEval/ifeval_input_data.jsonl");
const isRequired = (process.env.ASSAY_REQUIRE ?? "").split(/[\s,]+/).includes("hub");

describe.skipIf(!existsSync(published) && !isRequired)("the published prompts (needs the mirror)", () => {
  const read = () =>
    readFileSync(published, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Request);

  test("541 prompts with 834 instructions of all 25 kinds", () => {
    const requests = read();
    expect(requests).toHaveLength(541);
    expect(requests.flatMap((request) => request.instruction_id_list)).toHaveLength(834);
    expect(new Set(requests.flatMap((request) => request.instruction_id_list)).size).toBe(25);
  });

  test("every argument can be read: a response gets a verdict on each", async () => {
    const response = "Here is an answer. It has, among others, *two* sentences.\n\nAnd a paragraph.";
    let followed = 0;
    for (const request of read()) {
      for (const spec of [{ level: "prompt" }, { level: "instruction", loose: true }]) {
        const value = await score(request, response, spec);
        expect(value).toBeGreaterThanOrEqual(0);
        followed += value ?? 0;
      }
    }
    expect(followed).toBeGreaterThan(0);
  });
});
