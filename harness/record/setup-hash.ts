import type { Protocol, Setup } from "../contracts/index.ts";
import { hashOf } from "./hash.ts";

type UnhashedSetup = Omit<Setup, "comparabilityHash" | "identityHash">;

/**
 * The fields that two scores must share to stand in one column. Left out: the model and where it runs (the subject), and
 * the sampling seed at T > 0 (a circumstance). A value that wasn't recorded is `null`; see {@link isComparable}.
 */
export function comparableFields(setup: UnhashedSetup): Record<string, unknown> {
  const { task, dataset, shotPool, limit, versions, judge, sandbox } = setup;
  return {
    task: task.id,
    definition: task.definitionSha256,
    dataset: {
      repo: dataset.repo,
      revision: dataset.revision,
      config: dataset.config,
      split: dataset.split,
      items: dataset.items,
      itemsSha256: dataset.itemsSha256,
      itemIdsSha256: dataset.itemIdsSha256,
    },
    limit,
    shotPool,
    protocol: comparableProtocol(setup.protocol),
    chatTemplate: setup.protocol.layout === "chat" ? (setup.model.chatTemplateSha256 ?? "provider") : "none",
    versions,
    judge,
    sandbox: sandbox && { mode: sandbox.mode ?? null, image: sandbox.image ?? null },
  };
}

function comparableProtocol(protocol: Protocol): Record<string, unknown> {
  const { $schema, id, title, summary, source, defects, fixes, specimen, primary, ...decisive } = protocol;
  const samples = (protocol.generate.temperature ?? 1) > 0;
  return { ...decisive, generate: samples ? { ...protocol.generate, seed: null } : protocol.generate };
}

/** Adds both hashes: SHA-256 of the comparable fields, and of the whole setup. */
export function hashSetup(setup: UnhashedSetup): Setup {
  return { ...setup, comparabilityHash: hashOf(comparableFields(setup)), identityHash: hashOf(setup) };
}

/** A difference between two setups, by path. */
export interface SetupDifference {
  path: string;
  left: unknown;
  right: unknown;
}

/** Names the fields in which two setups can't be compared; empty when they share a column. */
export function comparabilityDifferences(left: Setup, right: Setup): SetupDifference[] {
  const differences: SetupDifference[] = [];
  collect("", comparableFields(left), comparableFields(right), differences);
  return differences;
}

function collect(path: string, left: unknown, right: unknown, into: SetupDifference[]): void {
  if (isPlainObject(left) && isPlainObject(right)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      collect(path ? `${path}.${key}` : key, left[key], right[key], into);
    }
    return;
  }
  if (hashOf(left ?? null) !== hashOf(right ?? null)) into.push({ path, left: left ?? null, right: right ?? null });
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `<task>-<protocol>-<model slug>-<first 10 of the identity hash>`: the same command finds the same run. */
export function runIdOf(setup: Setup): string {
  const slug = `${setup.model.provider}-${setup.model.name}`
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return `${setup.task.id}-${setup.protocol.id}-${slug}-${setup.identityHash.slice(0, 10)}`;
}
