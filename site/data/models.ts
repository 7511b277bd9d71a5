import type { RunRecord } from "@assay/harness/contracts";
import { hashOf } from "@assay/harness/record";
import type { ModelMeta } from "./declared-schemas.ts";
import type { ModelEntry } from "./schemas.ts";

/** Every model that a record names, with what models.yaml knows of it. */
export function modelsOf(records: readonly RunRecord[], known: readonly ModelMeta[]): ModelEntry[] {
  const byModel = Map.groupBy(records, (record) => record.model);
  const meta = new Map(known.map((entry) => [entry.id, entry]));
  const taken = new Set<string>();
  return [...byModel]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, runs]) => ({
      id,
      slug: slugOf(id, taken),
      meta: meta.get(id) ?? null,
      runs: runs.map((run) => run.runId),
    }));
}

/** Longest part of a path that no file system refuses, with room for a hash. */
const longest = 120;

/** Pages of former names, and where they lead: what somebody linked to stays reachable. */
export function movedModels(models: readonly ModelEntry[]): Map<string, string> {
  const taken = new Set(models.map((model) => model.slug));
  const moved = models.flatMap(({ slug, meta }) => (meta?.formerly ?? []).map((id) => [plainSlug(id), slug] as const));
  return new Map(moved.filter(([old]) => old !== "" && !taken.has(old)));
}

/** Lower-case path part of a model's name; two names that would share one get a hash, and so do long ones. */
function slugOf(id: string, taken: Set<string>): string {
  const plain = plainSlug(id);
  const isAmbiguous = plain === "" || plain.length > longest || taken.has(plain);
  const slug = isAmbiguous ? `${plain.slice(0, longest)}-${hashOf(id).slice(0, 6)}` : plain;
  taken.add(slug);
  return slug;
}

function plainSlug(id: string): string {
  return id
    .toLowerCase()
    .replaceAll("/", "--")
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[.-]+/, "");
}
