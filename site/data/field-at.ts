import type { Json } from "@assay/harness/contracts";

/** The value at a dotted path, e.g. `protocol.shots.count`; `null` where there is none: not recorded. */
export function fieldAt(value: Json, path: string): Json {
  let here: Json | undefined = value;
  for (const step of path.split("."))
    here = here !== null && typeof here === "object" ? (here as Record<string, Json>)[step] : undefined;
  return here ?? null;
}
