import type { Claim, Json, RunRecord } from "@assay/harness/contracts";
import { fieldAt } from "./field-at.ts";
import { primaryScore } from "./primary-score.ts";
import { claimProvenance } from "./provenance.ts";
import { type ClaimEntry, claimEntrySchema } from "./schemas.ts";

/** Sets each claim beside the complete runs of its model on its task. */
export function claimsOf(claims: readonly Claim[], records: readonly RunRecord[]): ClaimEntry[] {
  return claims.map((claim) => {
    const runs = records.filter(
      (record) => !record.partial && record.task === claim.task && isModel(record, claim.model),
    );
    const { value, halfUnit } = printedValue(claim);
    const measured = runs.flatMap((record) => measure(claim, record, { value, halfUnit }) ?? []);
    const byId = new Map(runs.map((record) => [record.runId, record]));
    const provenance = claimProvenance(claim, measured, byId);
    return claimEntrySchema.parse({ claim, value, halfUnit, provenance, measured });
  });
}

function isModel(record: RunRecord, model: string): boolean {
  return record.model === model || record.setup.model.name === model;
}

/** The number in the unit of run records, and half the unit of its last printed digit. */
function printedValue({ value, unit }: Claim): { value: number; halfUnit: number } {
  const scale = unit === "percent" ? 100 : 1;
  const decimals = value.split(".")[1]?.length ?? 0;
  return { value: Number(value) / scale, halfUnit: 0.5 / 10 ** decimals / scale };
}

type Measured = ClaimEntry["measured"][number];

function measure(claim: Claim, record: RunRecord, claimed: { value: number; halfUnit: number }): Measured | undefined {
  const score = primaryScore(record);
  if (score?.value == null) return undefined;
  const differs = Object.entries(claim.stated).flatMap(([path, said]) => {
    const used = fieldAt(record.setup.protocol as unknown as Json, path);
    return JSON.stringify(used) === JSON.stringify(said) ? [] : [{ path, claimed: said, used }];
  });
  return {
    run: record.runId,
    protocol: record.protocol,
    value: score.value,
    low: score.ci?.low ?? null,
    high: score.ci?.high ?? null,
    stderr: score.stderr,
    difference: score.value - claimed.value,
    differs,
    verdict: differs.length + claim.unspecified.length > 0 ? "not_comparable" : verdictOf(score.ci, claimed),
  };
}

/** Consistent: the claim, give or take its rounding, lies in the interval of the measured score. */
function verdictOf(
  interval: { low: number; high: number } | null,
  { value, halfUnit }: { value: number; halfUnit: number },
): Measured["verdict"] {
  if (interval === null) return "not_comparable";
  if (value + halfUnit < interval.low) return "below";
  return value - halfUnit > interval.high ? "above" : "consistent";
}
