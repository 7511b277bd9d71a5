import type { Column, Provenance } from "./schemas.ts";

type Named = Pick<Column, "task" | "protocol" | "overrides">;

/** `task@protocol` and what was overridden: how a column is called everywhere. */
export function columnLabel({ task, protocol, overrides }: Named): string {
  return [`${task}@${protocol}`, ...overrides].join(", ");
}

/** Protocol and what was overridden: what stands below a task's name. */
export function setupLabel({ protocol, overrides }: Pick<Column, "protocol" | "overrides">): string {
  return [`@${protocol}`, ...overrides].join(", ");
}

/** Metric, pipeline and average of a score, as far as they say anything. */
export function metricLabel({ metric, filter, group }: Pick<Column, "metric" | "filter" | "group">): string {
  return [metric, ...(filter === "none" ? [] : [filter]), ...(group === "all" ? [] : [group])].join(", ");
}

/** Start of a hash: enough to tell setups apart on a page. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}

/** What a rank method is called in prose. */
export function rankMethodLabel(method: string | null): string {
  const names: Record<string, string> = {
    "holm-mcnemar-exact": "exact McNemar tests of all pairs on the same items, Holm's correction",
    "holm-paired-t": "paired t tests of all pairs on the same items, Holm's correction",
    "holm-paired-cluster-t": "cluster-robust paired t tests of all pairs on the same items, Holm's correction",
  };
  return method === null ? "no item scores to test with" : (names[method] ?? method);
}

/** How a claim compares with a measurement, in words. */
export function claimVerdictLabel(verdict: "consistent" | "above" | "below" | "not_comparable"): string {
  const labels = {
    consistent: "consistent with the claim",
    above: "the claim is above the measured interval",
    below: "the claim is below the measured interval",
    not_comparable: "not comparable",
  };
  return labels[verdict];
}

/** Who a score is by, in words. */
export function tierLabel(tier: Provenance["tier"]): string {
  const labels = {
    self_reported: "self-reported",
    third_party_reported: "third-party-reported",
    reproduced_here: "reproduced here",
    reproduced_by_others: "reproduced by others",
    measured_here: "measured here",
    measured_by_others: "measured by others",
  };
  return labels[tier];
}
