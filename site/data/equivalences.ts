import { InputError, type Json, nearestName, type RunRecord } from "@assay/harness/contracts";
import { comparabilityDifferences, comparableFields, hashOf } from "@assay/harness/record";
import type { Equivalence } from "./declared-schemas.ts";
import { fieldAt } from "./field-at.ts";

/** The setup whose column a setup's scores stand in, and the rules that let them. */
export interface Place {
  setup: string;
  /** Ids of the equivalences used; empty: it is the column's own setup. */
  by: string[];
}

/** One setup with a run that has it, and how many complete ones do. */
interface Candidate {
  hash: string;
  record: RunRecord;
  runs: number;
}

/**
 * Which setups share a column because somebody declared that what they differ in doesn't matter. Without a declaration
 * every setup stands alone. A setup with fields that nobody recorded equals nothing, whatever is declared.
 *
 * @returns places by comparability hash, for setups that are in another's column or lend theirs
 * @throws InputError `EQUIVALENCE_UNKNOWN` on a field or setup that no record has
 */
export function placesOf(records: readonly RunRecord[], declared: readonly Equivalence[]): Map<string, Place> {
  const candidates = candidatesOf(records);
  for (const rule of declared) checkRule(rule, candidates);
  const groups = Map.groupBy(candidates, (candidate) => classOf(candidate, declared));
  const places = new Map<string, Place>();
  for (const members of groups.values()) {
    const [chief, ...others] = members.sort((a, b) => b.runs - a.runs || (a.hash < b.hash ? -1 : 1));
    if (!chief || others.length === 0) continue;
    places.set(chief.hash, { setup: chief.hash, by: [] });
    for (const other of others) places.set(other.hash, { setup: chief.hash, by: rulesBetween(chief, other, declared) });
  }
  return places;
}

function candidatesOf(records: readonly RunRecord[]): Candidate[] {
  const complete = records.filter((record) => !record.partial);
  const groups = Map.groupBy(complete, (record) => record.setup.comparabilityHash);
  return [...groups].flatMap(([hash, runs]) => {
    const [record] = runs;
    return record ? [{ hash, record, runs: runs.length }] : [];
  });
}

/** Equal for setups that are one under the rules: fields that don't matter are blanked, setups named together take one name. */
function classOf({ hash, record }: Candidate, declared: readonly Equivalence[]): string {
  if ((record.setup.notRecorded ?? []).length > 0) return hash;
  const whole = declared.find((rule) => rule.setups?.some((start) => hash.startsWith(start)));
  if (whole) return `${record.task} ${whole.id}`;
  let fields = comparableFields(record.setup) as Json;
  for (const rule of declared) if (covers(rule, record)) fields = blank(fields, (rule.field ?? "").split("."), rule.id);
  return hashOf(fields);
}

function covers({ field, values, tasks }: Equivalence, record: RunRecord): boolean {
  if (field === undefined || tasks?.includes(record.task) === false) return false;
  const value = fieldAt(comparableFields(record.setup) as Json, field);
  return values === undefined || values.some((entry) => hashOf(entry) === hashOf(value));
}

function blank(fields: Json, [key = "", ...rest]: readonly string[], rule: string): Json {
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return fields;
  const inner = fields[key] ?? null;
  return { ...fields, [key]: rest.length === 0 ? { equivalent: rule } : blank(inner, rest, rule) };
}

function rulesBetween(chief: Candidate, other: Candidate, declared: readonly Equivalence[]): string[] {
  const paths = comparabilityDifferences(chief.record.setup, other.record.setup).map(({ path }) => path);
  const used = declared.filter(({ field, setups }) => {
    if (setups) return setups.some((start) => other.hash.startsWith(start));
    return paths.some((path) => path === field || path.startsWith(`${field}.`));
  });
  return used.map((rule) => rule.id);
}

function checkRule(rule: Equivalence, candidates: readonly Candidate[]): void {
  for (const start of rule.setups ?? []) {
    const tasks = new Set(candidates.filter(({ hash }) => hash.startsWith(start)).map(({ record }) => record.task));
    if (tasks.size === 0)
      throw unknown(rule, `setup ${start}`, "Take it from the setup's page: the start of its hash.");
  }
  const { field } = rule;
  if (field === undefined) return;
  const known = new Set(candidates.flatMap(({ record }) => pathsOf(comparableFields(record.setup) as Json, "")));
  if (known.has(field)) return;
  const meant = nearestName(field, known);
  throw unknown(rule, `field ${field}`, meant ? `Did you mean "${meant}"?` : "The setup's page lists its fields.");
}

function pathsOf(value: Json, path: string): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = path === "" ? key : `${path}.${key}`;
    return [here, ...pathsOf(inner, here)];
  });
}

function unknown(rule: Equivalence, what: string, fix: string): InputError {
  return new InputError({
    code: "EQUIVALENCE_UNKNOWN",
    what: `Equivalence "${rule.id}" names ${what}, which no complete run has.`,
    fix,
  });
}
