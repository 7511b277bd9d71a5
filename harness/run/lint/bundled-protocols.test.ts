import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { bundledTasks, findTasks, loadTask, resolve } from "../../task/index.ts";
import { hasFixtures, resolveFixture } from "../testing/fixture-task.ts";
import { canBeAsked, describeOverMirror, isMirrorAbsent, resolvePresent } from "../testing/mirror.ts";
import { lintProtocol } from "./lint-protocol.ts";

const tasks = [...findTasks([bundledTasks]).values()].map((folder) => loadTask(folder));
const references = tasks.flatMap(({ task, protocols }) => protocols.map((id) => `${task.id}@${id}`));

const undeclared = <F extends { declared: boolean }>(findings: readonly F[]) =>
  findings.filter(({ declared }) => !declared);

describe("what lint finds in a bundled protocol is declared as a defect", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test.each(references)("%s without data", async (reference) => {
    vi.stubEnv("HF_HUB_OFFLINE", "1");
    vi.stubEnv("HF_HOME", mkdtempSync(join(tmpdir(), "assay-lint-")));
    expect(undeclared((await lintProtocol(resolve(reference, { roots: [bundledTasks] }))).findings)).toEqual([]);
  });

  test.each(references.filter((reference) => hasFixtures(reference.split("@")[0] ?? "")))(
    "%s over rows of our own",
    async (reference) => {
      const { findings, dataMissing } = await lintProtocol(resolveFixture(reference));
      expect(dataMissing).toBe(null);
      // Our rows are always few.
      expect(undeclared(findings).filter(({ rule }) => rule !== "sampled-once")).toEqual([]);
    },
  );
});

describeOverMirror("what lint finds in a bundled protocol over published data", () => {
  const here = references.filter((reference) => isMirrorAbsent || canBeAsked(reference));

  test.each(here)("%s", { timeout: 120_000 }, async (reference) => {
    const { resolved } = resolvePresent(reference);
    const report = await lintProtocol(resolved);
    expect(report.dataMissing).toBe(null);
    expect(undeclared(report.findings)).toEqual([]);
    const declared = new Set(resolved.protocol.defects.flatMap(({ rule }) => rule ?? []));
    expect([...new Set(report.findings.map(({ rule }) => rule))]).toEqual([...declared]);
  });
});
