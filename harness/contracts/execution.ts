import { z } from "zod";

const template = z.string().describe("template over the item's document");
const common = {
  language: z.enum(["python", "javascript", "typescript"]).default("python"),
  grading: z
    .enum(["split", "in_process"])
    .default("split")
    .describe("in_process can be forged and is labelled in results"),
  cpuSeconds: z.number().positive().default(3),
};

/** How the answer of a code task, a whole program by then, is judged in the sandbox. */
export const executionSchema = z.discriminatedUnion("tests", [
  z.strictObject({
    tests: z.literal("check").describe("source defines check(candidate), as HumanEval's"),
    source: template,
    entryPoint: template,
    setup: template.optional(),
    ...common,
  }),
  z.strictObject({
    tests: z.literal("asserts").describe("a list of assert statements, as MBPP's"),
    asserts: template.describe("expression giving a list"),
    setup: template.optional(),
    names: template.optional().describe("expression giving the candidate's names that hide builtins"),
    ...common,
  }),
  z.strictObject({
    tests: z.literal("stdio").describe("stdin and stdout, case by case"),
    cases: template.describe("expression giving a list, or its JSON text, of {stdin, stdout} or {input, output}"),
    ...common,
  }),
  z.strictObject({ tests: z.literal("exec").describe("passes when the program ends with exit code 0"), ...common }),
  z.strictObject({
    tests: z.literal("script").describe("test source that calls the candidate's functions"),
    source: template,
    setup: template.optional().describe("helpers that the tests call; run beside them"),
    names: template.describe("expression giving the list of functions that the tests call"),
    ...common,
  }),
]);

export type Execution = z.infer<typeof executionSchema>;
