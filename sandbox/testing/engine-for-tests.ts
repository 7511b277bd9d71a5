import { existsSync } from "node:fs";
import { discoverEngine } from "../engine/discover.ts";
import { findImage } from "../engine/images.ts";

async function reachable(): Promise<string | undefined> {
  try {
    await findImage(await discoverEngine());
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Why tests that need a container engine cannot run here; undefined when they can. */
export const engineProblem = await reachable();

const required = (process.env.ASSAY_REQUIRE ?? "").split(/[\s,]+/);

if (engineProblem !== undefined) {
  if (required.includes("docker")) throw new Error(`ASSAY_REQUIRE contains docker, but: ${engineProblem}`);
  console.warn(`skipped, no sandbox here: ${engineProblem.split("\n")[0]}`);
}

const shared = process.env.ASSAY_SHARED ?? new URL("../../../shared", import.meta.url).pathname;

/** A file of the benchmark data used in tests; undefined (visibly) where it is absent. */
export function benchmarkFile(path: string): string | undefined {
  const full = `${shared}/hub/datasets/${path}`;
  if (existsSync(full)) return full;
  if (required.includes("hub")) throw new Error(`ASSAY_REQUIRE contains hub, but ${path} is missing`);
  console.warn(`skipped, no benchmark data here: ${path}`);
  return undefined;
}
