import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listRuns, makeRunFolder, readRun, readSamples, ShardWriter, writeRun } from "./index.ts";
import { smallRun } from "./testing/small-run.ts";

test("records go to a folder, and a file in its place is named", async () => {
  const root = mkdtempSync(join(tmpdir(), "assay-results-"));
  expect(await makeRunFolder(join(root, "new"), "toy-chat-m")).toBe(join(root, "new/runs/toy-chat-m"));
  writeFileSync(join(root, "file"), "");
  await expect(makeRunFolder(join(root, "file"), "toy-chat-m")).rejects.toMatchObject({
    code: "RESULTS_UNWRITABLE",
    what: expect.stringContaining(join(root, "file")),
  });
});

test("a record's shards stand beside it: one that is missing, damaged or elsewhere is said, not read", async () => {
  const results = mkdtempSync(join(tmpdir(), "assay-shards-"));
  const { record, samples } = smallRun("generate");
  const folder = await makeRunFolder(results, record.runId);
  const writer = new ShardWriter(folder);
  for (const sample of samples) await writer.add(JSON.stringify(sample));
  const finished = { ...record, samples: await writer.close() };
  await writeRun(folder, finished);
  const readAll = async () => {
    const read = await readRun(folder);
    let count = 0;
    if (read) for await (const _ of readSamples(folder, read)) count += 1;
    return count;
  };
  expect(await readAll()).toBe(samples.length);
  const shard = join(folder, "samples-00000.jsonl.gz");
  const whole = readFileSync(shard);
  const other = new ShardWriter(folder);
  await other.add(JSON.stringify({ ...samples[0], outcome: { kind: "pending" } }));
  await writeRun(folder, { ...finished, samples: await other.close() });
  await expect(readAll()).rejects.toMatchObject({ code: "SAMPLE_INVALID", why: expect.stringContaining("outcome") });
  writeFileSync(shard, whole);
  await writeRun(folder, finished);
  writeFileSync(shard, whole.subarray(0, -1));
  await expect(readAll()).rejects.toMatchObject({ code: "SHARD_DAMAGED" });
  rmSync(shard);
  await expect(readAll()).rejects.toMatchObject({ code: "SHARD_MISSING" });
  writeFileSync(join(results, "samples-00000.jsonl.gz"), whole);
  for (const file of ["../../samples-00000.jsonl.gz", join(results, "samples-00000.jsonl.gz")]) {
    await writeRun(folder, { ...finished, samples: finished.samples.map((entry) => ({ ...entry, file })) });
    await expect(readAll()).rejects.toMatchObject({ code: "RECORD_INVALID" });
  }
});

test("a record that can't be read doesn't hide the others", async () => {
  const results = mkdtempSync(join(tmpdir(), "assay-runs-"));
  const { record } = smallRun("generate");
  await writeRun(await makeRunFolder(results, record.runId), record);
  for (const [name, content] of Object.entries({ "a-newer": '{"format":"assay-run-9"}', "b-torn": '{"format":' }))
    writeFileSync(join(await makeRunFolder(results, name), "run.json"), content);
  writeFileSync(join(results, "runs/stray"), "");
  const found: string[] = [];
  for await (const run of listRuns(results)) found.push(run.record.runId);
  expect(found).toEqual([record.runId]);
  await expect(readRun(join(results, "runs/a-newer"))).rejects.toMatchObject({ code: "RECORD_INVALID" });
});
