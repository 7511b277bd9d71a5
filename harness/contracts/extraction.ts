import { z } from "zod";

/** Which match of several counts: the first, the last, or the n-th (0 = first, −1 = last). */
const take = z.union([z.enum(["first", "last"]), z.number().int()]);

/**
 * One step of a pipeline from a response to an answer. A step takes the list of candidate strings (K responses at first,
 * usually one) and gives a list back; text steps work on each candidate by itself.
 */
export const extractStepSchema = z.discriminatedUnion("use", [
  z.strictObject({
    use: z.literal("regex").describe("Python `re.findall` semantics; several groups: the first that is not empty"),
    pattern: z
      .union([z.string(), z.array(z.string()).min(1)])
      .describe("several: the first that matches anywhere decides"),
    take: take.default("first"),
    flags: z
      .string()
      .regex(/^[imsx]*$/)
      .optional(),
    fallback: z.string().optional().describe("text when nothing matches; without it the sample is unparsed"),
  }),
  z.strictObject({
    use: z
      .literal("choice")
      .describe("lm-eval's multi_choice_regex: pattern, else option text, else letter after a colon"),
    pattern: z.string(),
    take: take.default("first"),
    ignoreCase: z.boolean().default(false),
    ignorePunctuation: z.boolean().default(false),
    ignore: z.array(z.string()).default([]),
    fallback: z.string().optional(),
  }),
  z.strictObject({
    use: z.literal("letter").describe("last (or first) option letter that stands alone"),
    take: take.default("last"),
  }),
  z.strictObject({
    use: z
      .literal("answer-letter")
      .describe('option named by the last "ANSWER: X", as Inspect\'s multiple-choice solver reads it'),
  }),
  z.strictObject({
    use: z
      .literal("numeric-word")
      .describe(
        "a word that is a number as a whole, as Inspect's match(numeric=True) reads it; five significant digits",
      ),
    take: take.default("last"),
  }),
  z.strictObject({
    use: z.literal("number").describe("a number as written; $ and thousands separators removed"),
    take: take.default("last"),
  }),
  z.strictObject({
    use: z.literal("boxed").describe("content of \\boxed{…} with balanced braces"),
    take: take.default("last"),
  }),
  z.strictObject({
    use: z.literal("after").describe("text behind a marker"),
    marker: z.string(),
    take: take.default("last"),
    ignoreCase: z.boolean().default(false),
    optional: z.boolean().default(false),
  }),
  z.strictObject({
    use: z.literal("before").describe("text up to the earliest of these markers"),
    markers: z.array(z.string()).min(1),
  }),
  z.strictObject({ use: z.literal("line").describe("one line that is not empty"), take: take.default("first") }),
  z.strictObject({
    use: z.literal("fence").describe("content of a fenced code block"),
    languages: z.array(z.string()).default([]),
    take: take.default("first"),
    optional: z.boolean().default(false),
  }),
  z.strictObject({
    use: z
      .literal("definition")
      .describe(
        "Python: the imports, the entry point and the definitions it needs, from the longest code block or the text",
      ),
    entryPoint: z.string().describe("template; further names behind it are kept too where they are defined"),
  }),
  z.strictObject({
    use: z
      .literal("function-body")
      .describe("Python: what stands under the head in the first code block, as inspect_evals' HumanEval reads it"),
  }),
  z.strictObject({
    use: z.literal("compose").describe("template over the item's fields and `answer`"),
    template: z.string(),
  }),
  z.strictObject({
    use: z
      .literal("number-words")
      .describe("what the pattern finds, else the value of a number written in English words"),
    pattern: z.string(),
    words: z.string().optional().describe("pattern of a run of number words, where it differs from ours"),
    take: take.default("last"),
  }),
  z.strictObject({
    use: z
      .literal("last-mentions")
      .describe("the words of a list in the order in which they are last mentioned (BIG-Bench Hard's word sorting)"),
    words: z.string().describe("template that gives the list, separated by white space"),
  }),
  z.strictObject({
    use: z.literal("remove").describe("these texts are taken out, in order"),
    texts: z.array(z.string().min(1)).min(1),
  }),
  z.strictObject({ use: z.literal("strip") }),
  z.strictObject({ use: z.literal("lowercase") }),
  z.strictObject({ use: z.literal("uppercase") }),
  z.strictObject({ use: z.literal("map"), mapping: z.record(z.string(), z.string()), fallback: z.string().optional() }),
  z.strictObject({ use: z.literal("take-first") }),
  z.strictObject({ use: z.literal("take-first-k"), k: z.number().int().positive() }),
  z.strictObject({ use: z.literal("majority").describe("most frequent candidate; ties go to the first seen") }),
]);

/** A named pipeline. Several stand side by side on one response (strict and flexible) at no further model cost. */
export const pipelineSchema = z.strictObject({
  id: z.string(),
  steps: z.array(extractStepSchema),
  by: z.string().optional().describe("template whose value chooses one of `cases`; `steps` serve where none fits"),
  cases: z.record(z.string(), z.array(extractStepSchema)).optional().describe("value of `by` → steps"),
});

export type ExtractStep = z.infer<typeof extractStepSchema>;
export type Pipeline = z.infer<typeof pipelineSchema>;

/** What a pipeline read out of a response. */
export interface ExtractedAnswer {
  /** Pipeline id. */
  filter: string;
  /** `null`: the pipeline found nothing, the sample is unparsed under it. */
  answer: string | null;
  /** UTF-16 offsets [start, end) in the response text of the answer, or of the piece that it was composed around; else null. */
  span: [number, number] | null;
  /** The step that decided, e.g. `regex "#### (…)"`. */
  by: string;
}
