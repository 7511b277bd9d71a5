import { InputError, nearestName, type Protocol } from "../contracts/index.ts";

/**
 * The leading score must be one that the protocol computes: a misspelt name would silently lead to another one.
 *
 * @throws InputError `PRIMARY_UNKNOWN`
 */
export function checkPrimary({ id, method, metrics, extract, primary }: Protocol): void {
  const metricIds = metrics.flatMap((metric) => {
    const name = metric.id ?? metric.metric;
    return metric.metric === "pass" ? [name, ...passNames(name, [1, ...metric.k])] : [name];
  });
  const filters = method === "generate" ? extract.map((pipeline) => pipeline.id) : [];
  check("metric", primary.metric, { id, known: metricIds });
  if (primary.filter !== undefined)
    check("filter", primary.filter, { id, known: filters.length > 0 ? filters : ["none"] });
}

function passNames(name: string, counts: readonly number[]): string[] {
  return [...new Set(counts)].flatMap((k) => (k > 1 ? [`${name}@${k}`, `${name}^${k}`] : [`${name}@${k}`]));
}

function check(field: "metric" | "filter", name: string, { id, known }: { id: string; known: string[] }): void {
  if (known.includes(name)) return;
  const meant = nearestName(name, known);
  throw new InputError({
    code: "PRIMARY_UNKNOWN",
    what: `Protocol ${id} has no ${field} "${name}", which \`primary.${field}\` names.`,
    fix: `${meant ? `Did you mean "${meant}"? ` : ""}It has: ${known.join(", ")}.`,
  });
}
