import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addUp } from "../run/testing/chat-server.ts";
import { assay, onlyRun, secret, serve, setting, startAssay } from "./testing/command.ts";

test("overrides are part of the setup and of the run's identity", async () => {
  const server = await serve(addUp);
  const { flags } = setting(3);
  const base = ["run", "toy", "--model", "openai/m", "--base-url", server.url, ...flags];
  const plain = JSON.parse((await assay(...base)).out).runs[0];
  const warm = JSON.parse((await assay(...base, "--set", "generate.temperature=0.7", "--shots", "1")).out).runs[0];
  expect(warm.runId).not.toBe(plain.runId);
  expect(warm.comparabilityHash).not.toBe(plain.comparabilityHash);
  expect(server.bodies.at(-1)).toMatchObject({ temperature: 0.7 });
  expect(server.bodies.at(-1)).toMatchObject({ messages: { length: 3 } });
});

test("--limit makes a partial run that says so", async () => {
  const server = await serve(addUp);
  const { results, flags } = setting();
  await assay("run", "toy", "--model", "openai/m", "--base-url", server.url, "--limit", "5", ...flags);
  const { record } = await onlyRun(results);
  expect(record.partial).toBe(true);
  expect(record.partialReasons[0]).toContain("--limit 5");
  expect(record.counts.scored).toBe(5);
});

test("no secret gets into records, output or the recorded command", async () => {
  const server = await serve(() => `Your key is ${secret}. The answer is 4.`);
  const { results, flags } = setting(3);
  const url = `${server.url.replace("//", "//user:pass-word-1@")}?api-key=query-secret-1`;
  const command = ["run", "toy", "--model", "openai/m", "--base-url", url];
  const refused = await assay(...command, "--set", "generate.extra.api_key=extra-secret-1", ...flags);
  expect(refused.code).toBe(2);
  expect(refused.out + refused.err).not.toContain("extra-secret-1");
  const { code, out, err } = await assay(...command, ...flags);
  expect(code).toBe(0);
  const { folder, samples } = await onlyRun(results);
  const written = [out, err, readFileSync(join(folder, "run.json"), "utf8"), JSON.stringify(samples)].join("\n");
  for (const hidden of [secret, "pass-word-1", "query-secret-1"]) expect(written).not.toContain(hidden);
  expect(samples[0]?.response?.text).toBe("Your key is [redacted]. The answer is 4.");
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
});

test("several models share what was prepared, and each has its record", async () => {
  const server = await serve(addUp);
  const { results, flags } = setting(4);
  const models = ["--model", "openai/a", "--model", "openai/b", "--model", "baseline/first"];
  const { out } = await assay("run", "toy", ...models, "--base-url", server.url, ...flags);
  const runs = JSON.parse(out).runs as { model: string; comparabilityHash: string; setupHash: string }[];
  expect(runs.map(({ model }) => model)).toEqual(["openai/a", "openai/b", "baseline/first"]);
  expect(new Set(runs.map(({ comparabilityHash }) => comparabilityHash)).size).toBe(1);
  expect(new Set(runs.map(({ setupHash }) => setupHash)).size).toBe(3);
  expect(readdirSync(join(results, "runs"))).toHaveLength(3);
});

test("a run that is begun is on the disk with its setup before the first answer", async () => {
  const { results, flags } = setting(4);
  let seen: unknown;
  const server = await serve((question) => {
    const [id = ""] = readdirSync(join(results, "runs"));
    const path = join(results, "runs", id, "run.json");
    seen ??= existsSync(path) && JSON.parse(readFileSync(path, "utf8"));
    return addUp(question);
  });
  await assay("run", "toy", "--model", "openai/m", "--base-url", server.url, ...flags);
  const { record } = await onlyRun(results);
  expect(seen).toMatchObject({ partial: true, finishedAt: null, startedAt: record.startedAt, setup: record.setup });
});

test("the record has every field of the reproducibility checklist, and what is unknown is null", async () => {
  const { results, flags } = setting(6);
  const command = ["run", "toy@letters", "--model", "baseline/ngram", "--seed", "3", ...flags];
  await assay(...command);
  const { record, samples } = await onlyRun(results);
  const { setup } = record;
  // Model and version asked for and returned.
  expect(setup.model).toEqual({
    provider: "baseline",
    name: "ngram",
    baseUrl: null,
    options: { seed: 3 },
    chatTemplateSha256: null,
  });
  expect(record.modelsReturned).toEqual([{ model: "baseline/ngram", fingerprint: null, samples: 6 }]);
  // System prompt, template, sampling, shots, extraction, metrics, denominator, epochs.
  expect(setup.protocol).toMatchObject({
    system: "",
    question: "{{ a }} + {{ b }} =",
    generate: { temperature: null, seed: 3, stop: [] },
    shots: { count: 2, split: "train", sampler: "random", seed: 3 },
    epochs: 1,
    extract: [],
    metrics: [{ metric: "acc" }],
    denominator: { unparsed: "wrong", limited: "wrong", refused: "wrong" },
    source: { project: "Assay", version: "1" },
  });
  expect(setup.overrides.map(({ path, to, by }) => [path, to, by])).toEqual([
    ["shots.seed", 3, "--seed 3"],
    ["generate.seed", 3, "--seed 3"],
  ]);
  // Data: where from, hashes of files, rows and items; the pool of the shots, and the shots of each sample.
  const sha = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(setup.dataset).toMatchObject({
    kind: "local",
    split: "test",
    rows: 6,
    items: 6,
    itemsSha256: sha,
    differs: [],
  });
  expect(setup.dataset.files).toContainEqual({ path: "test.jsonl", sha256: sha, bytes: expect.any(Number) });
  expect(setup.shotPool).toEqual({ split: "train", rows: 12, itemsSha256: sha });
  expect(samples.every(({ shots }) => shots.length === 2 && shots.every((id) => /^train\/\d+$/.test(id)))).toBe(true);
  // Versions of what decides a score; judge and sandbox where there are some.
  expect(setup.versions).toEqual({
    prompt: expect.any(Number),
    extract: expect.any(Number),
    score: expect.any(Number),
  });
  expect([setup.judge, setup.sandbox, setup.limit]).toEqual([null, null, null]);
  // Harness, machine, times, cost with its basis, latency, counts, failures.
  expect(record.environment).toMatchObject({ assay: expect.any(String), node: process.version, lockSha256: sha });
  expect(record.environment).toHaveProperty("git");
  expect(Date.parse(record.finishedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(record.startedAt));
  expect(record.cost).toEqual({ value: 0, currency: "USD", basis: "embedded: nothing is paid" });
  expect(record.latency.total).toMatchObject({ p50: expect.any(Number), p99: expect.any(Number) });
  expect(record.counts).toEqual({ scored: 6, errored: 0, limited: 0, unparsed: 0, refused: 0, skipped: 0 });
  expect(record.failures).toEqual([]);
  expect(record.command).toEqual(["assay", ...command]);
  // What an embedded model learnt from.
  expect(record.source.details).toEqual({ learnt: { split: "train", texts: 12, characters: expect.any(Number) } });
});

test("answers of ten megabytes, of NUL bytes and of lone surrogates are scored, kept as they came, and can be scored again", async () => {
  const answers = [
    "The answer is 4. \u0000",
    `${"é".repeat(10_000_000)} The answer is 7.`,
    "\ud800 The answer is 10. \udc00",
  ];
  const server = await serve((_question, { index }) => answers[index]);
  const { results, flags } = setting(3);
  const command = ["run", "toy", "--model", "openai/m", "--base-url", server.url, "--concurrency", "1", ...flags];
  expect((await assay(...command)).code).toBe(0);
  const { record, samples } = await onlyRun(results);
  expect(record.scores[0]).toMatchObject({ value: 1, n: 3 });
  expect(samples.map(({ response }, index) => response?.text === answers[index])).toEqual([true, true, true]);
  const again = await assay("score", record.runId, "--results", results, "--json");
  expect(JSON.parse(again.out).changes).toEqual([]);
  expect(JSON.parse(again.out).runs[0].scores[0]).toMatchObject({ value: 1, n: 3 });
});

test("the commit is that of the harness, whatever checkout the command is called from", async () => {
  const isKnownUnder = async (env: Record<string, string>) => {
    const { results, flags } = setting(1);
    await startAssay(["run", "toy", "--model", "baseline/first", ...flags], env).ended;
    return (await onlyRun(results)).record.environment.git !== null;
  };
  const isKnown = await isKnownUnder({});
  expect(await isKnownUnder({ GIT_DIR: "/nowhere/.git", GIT_WORK_TREE: "/nowhere" })).toBe(isKnown);
});
