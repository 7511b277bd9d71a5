import type { JsonObject, Protocol, Setup } from "../contracts/index.ts";
import { hashOf } from "./hash.ts";

type UnhashedSetup = Omit<Setup, "comparabilityHash" | "identityHash">;

/** Stands for a field that nobody wrote down. */
const unknown = "not recorded";

/**
 * The fields that two scores must share to stand in one column. Left out is what is the subject of a comparison (the model
 * and where it runs), what is a circumstance (the sampling seed at a temperature above 0, cores and kernel of the sandbox),
 * and what only describes (titles, cards, sources). What wasn't recorded reads so; see {@link comparabilityDifferences}.
 */
export function comparableFields(setup: UnhashedSetup): Record<string, unknown> {
  const { task, dataset, shotPool, limit, versions, judge, sandbox } = setup;
  const fields = {
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
    sandbox: sandbox && decisiveSandbox(sandbox),
  };
  return (setup.notRecorded ?? []).reduce((known, path) => withUnknown(known, path.split(".")), fields as Fields);
}

/**
 * What of a sandbox decides verdicts: what the image was made by, the interpreter and the graders in it, and the memory. An
 * image built elsewhere by the same recipe has another id.
 */
function decisiveSandbox({ image, python, boxSourcesHash, memoryMiB }: JsonObject): Record<string, unknown> {
  const { recipe, repoDigest, id } = isPlainObject(image) ? image : {};
  return {
    image: recipe ?? repoDigest ?? id ?? null,
    python: python ?? null,
    graders: boxSourcesHash ?? null,
    memoryMiB: memoryMiB ?? null,
  };
}

type Fields = Record<string, unknown>;

/** Sets the field at a path to "not recorded", whatever stands there. */
function withUnknown(fields: Fields, [key = "", ...rest]: readonly string[]): Fields {
  if (rest.length === 0) return { ...fields, [key]: unknown };
  const inner = fields[key];
  return { ...fields, [key]: withUnknown(isPlainObject(inner) ? inner : {}, rest) };
}

function comparableProtocol(protocol: Protocol): Record<string, unknown> {
  const { $schema, id, title, summary, source, defects, fixes, specimen, ...decisive } = protocol;
  const samples = (protocol.generate.temperature ?? 1) > 0;
  return { ...decisive, generate: samples ? { ...protocol.generate, seed: null } : protocol.generate };
}

/** Everything but what only describes: a corrected card or title doesn't make another run of it. */
function identifyingFields({ task, protocol, ...setup }: UnhashedSetup): Record<string, unknown> {
  const { card, title, ...taskRest } = task;
  const { $schema, title: _title, summary, defects, ...protocolRest } = protocol;
  return { ...setup, task: taskRest, protocol: protocolRest };
}

/**
 * Adds both hashes: SHA-256 of the comparable fields, and of all identifying ones. Where a comparable field wasn't recorded,
 * the comparability hash is this setup's own: what nobody knows equals nothing.
 */
export function hashSetup(setup: UnhashedSetup): Setup {
  const identityHash = hashOf(identifyingFields(setup));
  const isKnown = (setup.notRecorded ?? []).length === 0;
  const comparable = comparableFields(setup);
  const comparabilityHash = hashOf(isKnown ? comparable : { ...comparable, only: identityHash });
  return { ...setup, comparabilityHash, identityHash };
}

/** A difference between two setups, by path. */
export interface SetupDifference {
  path: string;
  left: unknown;
  right: unknown;
}

/**
 * Names the fields in which two setups can't be compared; empty when they share a column. A field that one of them didn't
 * record is a difference, also where the other didn't either.
 */
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
  if (left === unknown || right === unknown || hashOf(left ?? null) !== hashOf(right ?? null))
    into.push({ path, left: left ?? null, right: right ?? null });
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
