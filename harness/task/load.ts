import { basename, join } from "node:path";
import { z } from "zod";
import {
  InputError,
  type Json,
  nearestName,
  type Override,
  ProblemsError,
  type Protocol,
  protocolFileSchema,
  protocolSchema,
  type TaskFile,
  taskFileSchema,
} from "../contracts/index.ts";
import { checkAgainst, readYaml, type YamlFile } from "../record/index.ts";
import { findTask, protocolIds } from "./folders.ts";
import { applyOverride, type Flag } from "./override.ts";

/** A task file with the folder it came from. */
export interface LoadedTask {
  folder: string;
  task: TaskFile;
  protocols: string[];
}

/** A task and a protocol with flags applied. */
export interface Resolved extends LoadedTask {
  protocol: Protocol;
  overrides: Override[];
}

/** Reads and checks `task.yaml`. @throws ProblemsError naming every fault of the file. */
export function loadTask(folder: string): LoadedTask {
  const file = readYaml(join(folder, "task.yaml"));
  const { value, problems } = checkAgainst(taskFileSchema, file.value, file);
  if (!value) throw new ProblemsError(problems);
  if (value.id !== basename(folder)) throw misnamed(file.path, { id: value.id, folder: basename(folder) });
  return { folder, task: value, protocols: protocolIds(folder) };
}

/**
 * Resolves `<task>` or `<task>@<protocol>` with what the command line changed into one fully spelled-out protocol.
 *
 * @throws InputError or ProblemsError with every fault found.
 */
export function resolve(reference: string, options: { roots: readonly string[]; flags?: readonly Flag[] }): Resolved {
  const [id = "", wanted, ...more] = reference.split("@");
  if (more.length > 0) throw malformed(reference);
  const loaded = loadTask(findTask(options.roots, id));
  const protocolId = wanted ?? loaded.task.defaultProtocol;
  const { file, merged } = readProtocol(loaded, protocolId, []);
  const overrides: Override[] = [];
  let draft = merged;
  const base = checkAgainst(protocolSchema, merged, file);
  if (!base.value) throw new ProblemsError(base.problems);
  for (const flag of options.flags ?? []) {
    const before = readPath(base.value as unknown as Json, flag.path);
    draft = applyOverride(draft, flag);
    overrides.push({ path: flag.path.join("."), from: before ?? null, to: flag.value, by: flag.by });
  }
  const { value, problems } = checkAgainst(protocolSchema, draft, {
    ...file,
    ...(overrides.length > 0 ? { flags: overrides.map((entry) => entry.by).join(" ") } : {}),
  });
  if (!value) throw new ProblemsError(problems);
  return { ...loaded, protocol: value, overrides };
}

function malformed(reference: string): InputError {
  return new InputError({
    code: "TASK_UNKNOWN",
    what: `"${reference}" names no task: it takes <task> or <task>@<protocol>.`,
    fix: "Give each task an argument of its own, with one protocol at most.",
  });
}

/** Top-level fields that a protocol's files and flags state, those of the protocols it extends included; all others are defaults. */
export function statedFields(
  resolved: Pick<Resolved, "folder" | "task" | "protocols" | "protocol" | "overrides">,
): Set<string> {
  const { merged } = readProtocol(resolved, resolved.protocol.id, []);
  return new Set([...Object.keys(merged), ...resolved.overrides.map(({ path }) => path.split(".")[0] ?? "")]);
}

/** The protocol of a record with flags applied on top. @throws ProblemsError where the result is no protocol any more. */
export function resolveRecorded(
  protocol: Protocol,
  flags: readonly Flag[],
): { protocol: Protocol; overrides: Override[] } {
  let draft = protocol as unknown as Record<string, unknown>;
  const overrides: Override[] = [];
  for (const flag of flags) {
    overrides.push({
      path: flag.path.join("."),
      from: readPath(draft as Json, flag.path) ?? null,
      to: flag.value,
      by: flag.by,
    });
    draft = applyOverride(draft, flag);
  }
  const result = protocolSchema.safeParse(draft);
  if (result.success) return { protocol: result.data, overrides };
  const problems = result.error.issues.map(
    (issue) =>
      new InputError({
        code: "OVERRIDE_INVALID",
        what: `${issue.path.join(".") || "--set"}: ${issue.message}.`,
        fix: "Correct the --set flag; `assay schema` prints what each key takes.",
      }),
  );
  throw new ProblemsError(problems);
}

function misnamed(path: string, { id, folder }: { id: string; folder: string }): InputError {
  return new InputError({
    code: "TASK_MISNAMED",
    what: `${path} calls itself "${id}".`,
    fix: `Its id must be the name of its folder: "${folder}".`,
  });
}

function readProtocol(
  loaded: LoadedTask,
  id: string,
  chain: string[],
): { file: YamlFile; merged: Record<string, unknown> } {
  if (!loaded.protocols.includes(id)) {
    const meant = nearestName(id, loaded.protocols);
    throw new InputError({
      code: "PROTOCOL_UNKNOWN",
      what: `Task ${loaded.task.id} has no protocol "${id}".`,
      fix: `${meant ? `Did you mean "${meant}"? ` : ""}It has: ${loaded.protocols.join(", ")}.`,
    });
  }
  if (chain.includes(id)) {
    throw new InputError({
      code: "PROTOCOL_CYCLE",
      what: `Protocols extend each other in a circle: ${[...chain, id].join(" → ")}.`,
      fix: "Remove one `extends`.",
    });
  }
  const file = readYaml(join(loaded.folder, "protocols", `${id}.yaml`));
  const extendsOther = isMap(file.value) && "extends" in file.value;
  const { problems } = checkAgainst((extendsOther ? childFileSchema : protocolFileSchema) as never, file.value, file);
  if (problems.length > 0) throw new ProblemsError(problems);
  const { extends: parent, ...own } = file.value as Record<string, unknown> & { extends?: string };
  if (own.id !== id) {
    throw new InputError({
      code: "PROTOCOL_MISNAMED",
      what: `${file.path} calls itself "${String(own.id)}".`,
      fix: `Its id must be its file name: "${id}".`,
    });
  }
  if (!parent) return { file, merged: own };
  const { defects: _defects, fixes: _fixes, ...inherited } = readProtocol(loaded, parent, [...chain, id]).merged;
  const merged = merge(inherited, own) as Record<string, unknown>;
  return { file, merged: { ...merged, source: own.source ?? inherited.source } };
}

/** A file that extends another may hold parts of values: only its keys are checked here, the values once they are merged. */
const childFileSchema = z.strictObject({
  ...Object.fromEntries(Object.keys(protocolFileSchema.shape).map((key) => [key, z.unknown().optional()])),
  id: protocolFileSchema.shape.id,
  extends: protocolFileSchema.shape.extends,
});

/** Maps are merged key by key; anything else, lists too, is replaced. */
function merge(base: unknown, own: unknown): unknown {
  if (!isMap(base) || !isMap(own)) return own;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(own)) result[key] = key in base ? merge(base[key], value) : value;
  return result;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readPath(value: Json | undefined, path: readonly string[]): Json | undefined {
  let at: Json | undefined = value;
  for (const step of path) at = at !== null && typeof at === "object" ? (at as Record<string, Json>)[step] : undefined;
  return at;
}
