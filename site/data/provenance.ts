import type { Claim, RunRecord } from "@assay/harness/contracts";
import type { ClaimEntry, Provenance } from "./schemas.ts";

type Evidence = Provenance["evidence"][number];

/** What shows where a run's score comes from: its samples, or the file that an imported one was read from. Empty: nothing does. */
export function runEvidence({ source, samples, runId }: RunRecord): Evidence[] {
  const { file, sha256 } = source.details;
  const isNamed = source.kind === "import" && typeof file === "string" && typeof sha256 === "string";
  return [
    ...(isNamed ? [{ kind: "file" as const, at: file, sha256 }] : []),
    ...(samples.length > 0 && source.kind !== "import" ? [{ kind: "samples" as const, at: runId, sha256: null }] : []),
  ];
}

/** Who measured a run: this program with its own requests, or somebody else, whose answers or scores were taken over. */
export function runProvenance(record: RunRecord): Provenance | null {
  const evidence = runEvidence(record);
  if (evidence.length === 0) return null;
  return { tier: record.source.kind === "assay" ? "measured_here" : "measured_by_others", evidence };
}

/**
 * Where a claim comes from, and who found the same. A tier that a claim's file states rests on its source; a measurement
 * counts as a reproduction where it is comparable and consistent, and rests on its run.
 */
export function claimProvenance(
  { measuredBy, source }: Claim,
  measured: ClaimEntry["measured"],
  records: ReadonlyMap<string, RunRecord>,
): Provenance[] {
  const evidence: Evidence[] = [{ kind: "source", at: source.url, sha256: null }];
  if (source.archivedUrl !== undefined) evidence.push({ kind: "archive", at: source.archivedUrl, sha256: null });
  const reported = { self: "self_reported", third_party: "third_party_reported", unknown: null } as const;
  const tier = reported[measuredBy];
  const consistent = measured.filter((entry) => entry.verdict === "consistent");
  const found = Map.groupBy(consistent, ({ run }) => records.get(run)?.source.kind === "assay");
  const runs = (here: boolean) =>
    (found.get(here) ?? []).map(({ run }) => ({ kind: "run" as const, at: run, sha256: null }));
  return [
    ...(tier === null ? [] : [{ tier, evidence }]),
    { tier: "reproduced_here" as const, evidence: runs(true) },
    { tier: "reproduced_by_others" as const, evidence: runs(false) },
  ].filter((entry) => entry.evidence.length > 0);
}
