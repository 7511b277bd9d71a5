import type { Json, RunRecord } from "@assay/harness/contracts";
import { comparabilityDifferences, comparableFields } from "@assay/harness/record";
import type { SetupFile } from "./schemas.ts";

/** Differences listed between two setups of one task; more say no more. */
const mostDifferences = 40;
const mostOthers = 8;

/** Every setup that a run has, with how it differs from the task's other setups (the nearest first). */
export function setupsOf(records: readonly RunRecord[]): SetupFile[] {
  const groups = Map.groupBy(records, (record) => record.setup.comparabilityHash);
  const byTask = Map.groupBy([...groups.values()], (runs) => runs[0]?.task ?? "");
  return [...groups].map(([hash, runs]) => setupOf(hash, runs, byTask.get(runs[0]?.task ?? "") ?? []));
}

function setupOf(hash: string, runs: readonly RunRecord[], siblings: readonly RunRecord[][]): SetupFile {
  const [first] = runs;
  if (!first) throw new Error(`setup ${hash} has no run`);
  const others = siblings.flatMap((group) => {
    const [other] = group;
    if (!other || other.setup.comparabilityHash === hash) return [];
    const differs = comparabilityDifferences(first.setup, other.setup)
      .slice(0, mostDifferences)
      .map(({ path, left, right }) => ({ path, here: left as Json, there: right as Json }));
    return [{ hash: other.setup.comparabilityHash, protocol: other.protocol, runs: group.length, differs }];
  });
  return {
    hash,
    task: first.task,
    protocol: first.protocol,
    title: first.setup.protocol.title,
    overrides: first.setup.overrides.map(({ path, to }) => `${path}=${JSON.stringify(to)}`),
    fields: JSON.parse(JSON.stringify(comparableFields(first.setup))) as Json,
    runs: runs.map((run) => run.runId),
    others: others.sort((a, b) => a.differs.length - b.differs.length).slice(0, mostOthers),
  };
}
