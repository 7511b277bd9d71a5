import { expect, test } from "vitest";
import { protocolSchema } from "../contracts/index.ts";
import { comparabilityDifferences, hashSetup, runIdOf } from "./index.ts";

type Unhashed = Parameters<typeof hashSetup>[0];

const protocol = protocolSchema.parse({
  id: "chat",
  title: "A title",
  source: { project: "Assay", version: "1" },
  method: "generate",
  layout: "chat",
  question: "{{ question }}",
  answer: "{{ answer }}",
  generate: { temperature: 0, maxTokens: 100, seed: 1 },
  metrics: [{ metric: "exact_match" }],
  primary: { metric: "exact_match" },
});

const setup: Unhashed = {
  task: {
    id: "toy",
    title: "Toy",
    definitionSha256: "d",
    card: { purpose: "tests", licence: "CC0-1.0", publishSamples: "full" },
  },
  protocol,
  overrides: [],
  dataset: {
    kind: "hub",
    repo: "a/b",
    revision: "r",
    config: null,
    split: "test",
    rows: 3,
    items: 3,
    itemsSha256: "i",
    itemIdsSha256: "ids",
    files: [{ path: "f", sha256: "s", bytes: 1 }],
    differs: [],
  },
  shotPool: null,
  limit: null,
  versions: { prompt: 1, extract: 1, score: 1 },
  judge: null,
  sandbox: { image: { id: "sha256:1" }, memoryMiB: 512, boxes: 2, kernel: "6.1" },
  model: { provider: "openai", name: "m", baseUrl: null, options: {}, chatTemplateSha256: null },
};

type Change = (setup: Unhashed) => Unhashed;
const generate =
  (change: Partial<Unhashed["protocol"]["generate"]>): Change =>
  (from) => ({
    ...from,
    protocol: { ...from.protocol, generate: { ...from.protocol.generate, ...change } },
  });
const inProtocol =
  (change: Partial<Unhashed["protocol"]>): Change =>
  (from) => ({
    ...from,
    protocol: { ...from.protocol, ...change },
  });
const inData =
  (change: Partial<Unhashed["dataset"]>): Change =>
  (from) => ({
    ...from,
    dataset: { ...from.dataset, ...change },
  });

const before = hashSetup(setup);

test.each<[string, Change]>([
  ["task", (from) => ({ ...from, task: { ...from.task, id: "other" } })],
  ["task code", (from) => ({ ...from, task: { ...from.task, definitionSha256: "e" } })],
  ["data set", inData({ repo: "a/c" })],
  ["config", inData({ config: "main" })],
  ["split", inData({ split: "validation" })],
  ["revision", inData({ revision: "q" })],
  ["rows as read", inData({ itemsSha256: "j" })],
  ["items asked", inData({ itemIdsSha256: "jds" })],
  ["limit", (from) => ({ ...from, limit: 10 })],
  ["metric", inProtocol({ metrics: [{ metric: "numeric_match" }] })],
  ["deciding filter", inProtocol({ primary: { metric: "exact_match", filter: "strict" } })],
  ["extraction", inProtocol({ extract: [{ id: "n", steps: [{ use: "number", take: "last" }] }] })],
  ["versions", (from) => ({ ...from, versions: { ...from.versions, extract: 2 } })],
  ["template", inProtocol({ question: "Q: {{ question }}" })],
  ["system prompt", inProtocol({ system: "Be brief." })],
  ["layout", inProtocol({ multiturn: false })],
  ["chat template", (from) => ({ ...from, model: { ...from.model, chatTemplateSha256: "t" } })],
  ["shots", inProtocol({ shots: { ...protocol.shots, count: 5 } })],
  ["shot seed", inProtocol({ shots: { ...protocol.shots, seed: 7 } })],
  ["shot pool", (from) => ({ ...from, shotPool: { split: "train", rows: 1, itemsSha256: "p" } })],
  ["temperature", generate({ temperature: 0.7 })],
  ["seed at temperature 0", generate({ seed: 2 })],
  ["top p", generate({ topP: 0.9 })],
  ["token limit", generate({ maxTokens: 200 })],
  ["stops", generate({ stop: ["Q:"] })],
  ["reasoning effort", generate({ reasoningEffort: "high" })],
  ["epochs", inProtocol({ epochs: 4 })],
  ["denominator", inProtocol({ denominator: { unparsed: "excluded", limited: "wrong", refused: "wrong" } })],
  ["judge", (from) => ({ ...from, judge: { model: "j" } })],
  ["sandbox image", (from) => ({ ...from, sandbox: { ...from.sandbox, image: { id: "sha256:2" } } })],
  [
    "recipe of the image",
    (from) => ({ ...from, sandbox: { ...from.sandbox, image: { id: "sha256:1", recipe: "r" } } }),
  ],
  ["interpreter", (from) => ({ ...from, sandbox: { ...from.sandbox, python: "3.13.1" } })],
  ["grader", (from) => ({ ...from, sandbox: { ...from.sandbox, boxSourcesHash: "b" } })],
])("another %s can't share a column", (_name, change) => {
  const after = hashSetup(change(setup));
  expect(after.comparabilityHash).not.toBe(before.comparabilityHash);
  expect(after.identityHash).not.toBe(before.identityHash);
  expect(comparabilityDifferences(before, after)).not.toEqual([]);
});

test.each<[string, Change]>([
  ["model", (from) => ({ ...from, model: { ...from.model, name: "n" } })],
  ["provider", (from) => ({ ...from, model: { ...from.model, provider: "hf" } })],
  ["address", (from) => ({ ...from, model: { ...from.model, baseUrl: "http://localhost/v1" } })],
  ["quantisation", (from) => ({ ...from, model: { ...from.model, options: { quantisation: "int8" } } })],
  ["number of boxes", (from) => ({ ...from, sandbox: { ...from.sandbox, boxes: 8 } })],
  ["file bytes of equal rows", inData({ files: [{ path: "f", sha256: "z", bytes: 2 }] })],
])("another %s shares the column and is another run", (_name, change) => {
  const after = hashSetup(change(setup));
  expect(after.comparabilityHash).toBe(before.comparabilityHash);
  expect(after.identityHash).not.toBe(before.identityHash);
  expect(comparabilityDifferences(before, after)).toEqual([]);
});

test("images built twice by one recipe share a column", () => {
  const builtAs = (id: string) => hashSetup({ ...setup, sandbox: { image: { id, recipe: "r" }, memoryMiB: 512 } });
  expect(builtAs("sha256:1").comparabilityHash).toBe(builtAs("sha256:2").comparabilityHash);
  expect(builtAs("sha256:1").identityHash).not.toBe(builtAs("sha256:2").identityHash);
});

test("the sampling seed is a circumstance where answers are drawn", () => {
  const warm = generate({ temperature: 0.7 })(setup);
  expect(hashSetup(generate({ seed: 2 })(warm)).comparabilityHash).toBe(hashSetup(warm).comparabilityHash);
});

test("a corrected card or title is the same run", () => {
  const task = { ...setup.task, title: "Toys", card: { ...setup.task.card, purpose: "better tests" } };
  expect(runIdOf(hashSetup({ ...setup, task }))).toBe(runIdOf(before));
});

test("what nobody wrote down equals nothing, not even itself elsewhere", () => {
  const lacking = { ...setup, notRecorded: ["protocol.system", "dataset.revision"] };
  const one = hashSetup(lacking);
  const two = hashSetup({ ...lacking, model: { ...setup.model, name: "n" } });
  expect(one.comparabilityHash).not.toBe(before.comparabilityHash);
  expect(one.comparabilityHash).not.toBe(two.comparabilityHash);
  expect(comparabilityDifferences(one, two).map((difference) => difference.path)).toEqual([
    "dataset.revision",
    "protocol.system",
  ]);
});
