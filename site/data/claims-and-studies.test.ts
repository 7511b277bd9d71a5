import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimSchema, type RunRecord, studySchema } from "@assay/harness/contracts";
import { wilson } from "@assay/harness/stats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeResults, smallWorld } from "../testing/make-results.ts";
import { badge } from "./badge.ts";
import { claimsOf } from "./claims.ts";
import { primaryScore } from "./primary-score.ts";
import { runProvenance } from "./provenance.ts";
import { studiesOf } from "./studies.ts";

let folder = "";
let records: RunRecord[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "assay-claims-"));
  records = await makeResults(folder, smallWorld);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const source = { url: "https://example.org/card", retrieved: "2026-11-24" };
const run = () => records.find((record) => record.task === "planets" && record.setup.protocol.shots.count === 5)!;

function claimOf(value: string, more: object = {}) {
  return claimSchema.parse({ id: "c", vendor: "Acme", model: run().model, task: "planets", value, source, ...more });
}
function verdictOf(value: string, more: object = {}) {
  const [entry] = claimsOf([claimOf(value, more)], [run()]);
  return entry?.measured[0]?.verdict;
}
const percent = (pick: "low" | "high", by: number) => ((primaryScore(run())!.ci![pick] + by) * 100).toFixed(1);

describe("a claim", () => {
  const stated = { "shots.count": 5 };

  test("is consistent inside the measured interval, widened by half a unit of its last digit", () => {
    expect(verdictOf(percent("high", 0), { stated })).toBe("consistent");
    expect(verdictOf(percent("high", 0.01), { stated })).toBe("above");
    expect(verdictOf(percent("low", -0.01), { stated })).toBe("below");
    expect(verdictOf(String(Math.ceil(primaryScore(run())!.ci!.high * 100)), { stated })).toBe("consistent");
  });

  test("is not comparable where a stated field differs, and says which, or where a deciding one isn't stated", () => {
    const [entry] = claimsOf([claimOf("50", { stated: { "shots.count": 8 } })], [run()]);
    expect(entry?.measured[0]).toMatchObject({
      verdict: "not_comparable",
      differs: [{ path: "shots.count", claimed: 8, used: 5 }],
    });
    expect(verdictOf(percent("high", 0), { stated, unspecified: ["system"] })).toBe("not_comparable");
  });

  test("is set beside complete runs of its model and task only", () => {
    const partial = { ...run(), partial: true };
    const [entry] = claimsOf([claimOf("50")], [partial, ...records.filter((record) => record.task === "recipes")]);
    expect(entry?.measured).toEqual([]);
  });
});

describe("the provenance of a claim", () => {
  const stated = { "shots.count": 5 };
  const tiersOf = (value: string, more: object, record = run()) =>
    claimsOf([claimOf(value, { stated, ...more })], [record])[0]?.provenance;
  const agreed = () => percent("high", 0);

  test("is who reported it, with the source, and who found the same, with the run", () => {
    const archivedUrl = "https://archive.example/card";
    const reported = { measuredBy: "third_party", source: { ...source, archivedUrl } };
    expect(tiersOf(agreed(), reported)).toEqual([
      {
        tier: "third_party_reported",
        evidence: [
          { kind: "source", at: source.url, sha256: null },
          { kind: "archive", at: archivedUrl, sha256: null },
        ],
      },
      { tier: "reproduced_here", evidence: [{ kind: "run", at: run().runId, sha256: null }] },
    ]);
    const replayed: RunRecord = { ...run(), source: { kind: "replay", note: null, details: {} } };
    expect(tiersOf(agreed(), {}, replayed)?.map(({ tier }) => tier)).toEqual(["reproduced_by_others"]);
  });

  test("is no reproduction where a run contradicts it or isn't comparable", () => {
    expect(tiersOf(percent("high", 0.05), { measuredBy: "self" })?.map(({ tier }) => tier)).toEqual(["self_reported"]);
    expect(tiersOf(agreed(), { unspecified: ["system"] })).toEqual([]);
  });

  test("isn't stated without a source: such a file stops the build", () => {
    expect(() => claimOf("50", { measuredBy: "self", source: undefined })).toThrow(/source/);
    expect(() => claimOf("50", { measuredBy: "self", source: { retrieved: source.retrieved } })).toThrow(/url/);
  });
});

test("a run is measured here, or by others where its answers or scores were taken over, and says what shows it", () => {
  const by = (kind: RunRecord["source"]["kind"], details = {}) =>
    runProvenance({ ...run(), source: { kind, note: null, details } });
  const samples = [{ kind: "samples", at: run().runId, sha256: null }];
  expect(by("assay")).toEqual({ tier: "measured_here", evidence: samples });
  expect(by("replay")).toEqual({ tier: "measured_by_others", evidence: samples });
  expect(by("import", { file: "log.eval", sha256: "ab" })).toEqual({
    tier: "measured_by_others",
    evidence: [{ kind: "file", at: "log.eval", sha256: "ab" }],
  });
  expect(by("import")).toBeNull();
});

describe("a study", () => {
  const study = (runs: readonly RunRecord[]) =>
    studySchema.parse({
      id: "shots",
      title: "Shots",
      question: "Do shots matter?",
      kind: "sensitivity",
      declared: "2026-11-24",
      varies: ["protocol.shots.count"],
      runs: runs.map((record) => record.runId),
    });
  const byId = () => new Map(records.map((record) => [record.runId, record]));
  const mine = () => records.filter((record) => record.task === "planets" && record.model === run().model);
  const scoresOf = (values: number[][]) =>
    new Map(
      mine().map((record, at) => [
        record.runId,
        { items: values[0]!.map((_, item) => `i${item}`), values: Float64Array.from(values[at]!), clusters: null },
      ]),
    );

  test("shows what was varied and tests the spread on the same items", () => {
    const right = Array.from({ length: 40 }, () => 1);
    const wrong = right.map(() => 0);
    const [entry] = studiesOf([study(mine())], byId(), scoresOf([right, wrong]));
    expect(entry?.cells.map((cell) => cell.varied)).toEqual([[0], [5]]);
    expect(entry?.test).toMatchObject({ spread: 1, setups: 2 });
    expect(entry!.test!.p).toBeLessThan(0.01);
    const [even] = studiesOf([study(mine())], byId(), scoresOf([right, right]));
    expect(even?.test).toMatchObject({ spread: 0, p: 1 });
  });

  test("gives intervals that hold together, where the recorded ones follow from the items' scores", () => {
    const values = mine().map((record) => {
      const { value, n } = primaryScore(record)!;
      return Array.from({ length: n }, (_, item) => Number(item < Math.round((value ?? 0) * n)));
    });
    const [entry] = studiesOf([study(mine())], byId(), scoresOf(values));
    for (const [at, cell] of entry!.cells.entries()) {
      const expected = wilson(values[at]!.filter((value) => value === 1).length, cell.n, 0.975);
      expect(cell.adjusted).toEqual({ level: 0.975, low: expected.low, high: expected.high });
      expect(cell.adjusted!.low).toBeLessThan(cell.low!);
      expect(cell.adjusted!.high).toBeGreaterThan(cell.high!);
    }
    const others = scoresOf(values.map((column) => column.map((value) => 1 - value)));
    expect(studiesOf([study(mine())], byId(), others)[0]?.cells.map((cell) => cell.adjusted)).toEqual([null, null]);
  });

  test("isn't tested where runs answered different items, and doesn't leave a declared run out", () => {
    const scores = scoresOf([
      [1, 0],
      [1, 0],
    ]);
    scores.set(mine()[1]!.runId, { items: ["other", "items"], values: Float64Array.from([1, 0]), clusters: null });
    expect(studiesOf([study(mine())], byId(), scores)[0]?.test).toBeNull();
    const gone = new Map([...byId()].filter(([id]) => id !== mine()[1]!.runId));
    expect(() => studiesOf([study(mine())], gone, scores)).toThrow(/names a run that isn't in the results/);
  });
});

test("a badge says score, interval and day, is well-formed whatever the names hold, and never says NaN", () => {
  const record = { ...run(), model: `acme/<script>"&\u202e` };
  const svg = badge(record);
  expect(svg).toMatch(/\d+ %.*\[.*\] · 20\d\d-\d\d-\d\d/);
  expect(svg).not.toContain("<script>");
  expect(svg).not.toContain("\u202e");
  expect(badge({ ...record, scores: [] })).toContain("n/a (0 scored)");
  expect(badge({ ...record, partial: true })).toContain("partial");
});
