import { z } from "zod";

const template = z.string().describe("template over the item's document");
const common = {
  language: z.enum(["python", "javascript", "typescript", "bash", "cpp", "go", "rust", "java"]).default("python"),
  grading: z
    .enum(["split", "in_process"])
    .default("split")
    .describe("in_process can be forged and is labelled in results"),
  cpuSeconds: z.number().positive().default(3),
};

/** A patch of a repository, judged by its tests in a container of the instance's image (SWE-bench's shape). */
const repositorySchema = z.strictObject({
  tests: z.literal("repository").describe("the answer is a unified diff; in-process by nature, and labelled so"),
  image: template.describe("image on the engine; it is never pulled by us"),
  folder: z.string().default("/testbed").describe("where the repository lies in the image"),
  prepare: template.default("").describe("shell commands before every other, e.g. activating an environment"),
  baseCommit: template,
  testPatch: template,
  testCommand: template,
  logParser: template.describe("pytest, pytest-options, pytest-v2, matplotlib, django, seaborn or sympy"),
  failToPass: template.describe("expression giving a list, or its JSON text"),
  passToPass: template.describe("expression giving a list, or its JSON text"),
  seconds: z.number().positive().default(1800).describe("wall seconds of the test command"),
});
export type RepositoryExecution = z.infer<typeof repositorySchema>;

/** A loop in which a model works in the instance's container by shell commands. Whatever limit is reached ends it. */
export const agentSchema = z.strictObject({
  steps: z.number().int().positive().default(50).describe("answers of the model at most"),
  tokens: z
    .number()
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe("tokens in and out over all steps; null: no limit"),
  seconds: z.number().positive().default(1800),
  dollars: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe("needs a model whose price is known; null: no limit"),
  commandSeconds: z.number().positive().default(60),
  outputBytes: z.number().int().positive().default(10_000).describe("of a command's output that the model is shown"),
});
export type AgentSpec = z.infer<typeof agentSchema>;

/** What of the instance's container an answer is made with. */
export const workspaceSchema = z.strictObject({
  readFiles: template.optional().describe("expression giving files whose text is put under the last message"),
  agent: agentSchema.optional(),
});

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
  repositorySchema,
]);

export type Execution = z.infer<typeof executionSchema>;
