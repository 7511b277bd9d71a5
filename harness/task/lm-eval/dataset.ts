import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { DatasetSpec } from "../../contracts/index.ts";
import type { Translation } from "./expressions.ts";

/** Loaders of the `datasets` library that read files named in `data_files`. */
const fileLoaders = new Set(["json", "csv", "parquet", "text", "arrow", "pandas", "xml", "webdataset", "imagefolder"]);
/** Arguments of `load_dataset` that don't change the rows. */
const harmless = new Set([
  "trust_remote_code",
  "verification_mode",
  "streaming",
  "revision",
  "data_files",
  "keep_in_memory",
]);

/**
 * `dataset_path`, `dataset_name` and `dataset_kwargs`. Files of the splits are found in the repository when the data is
 * opened, as the `datasets` library finds them.
 */
export function datasetOf({ config, refusals, modules }: Translation): DatasetSpec {
  const named = filesOnHub(config) ?? filesOnDisk(config, modules.root);
  if (named) return named;
  const { dataset_path: path, dataset_name: name } = config;
  const given = (config.dataset_kwargs ?? {}) as Record<string, unknown>;
  if (config.custom_dataset !== undefined)
    refusals.add("data that a script makes or loads in its own way", "custom_dataset");
  else if (typeof path !== "string" || !/^[^/\s]+\/[^/\s]+$/.test(path)) refuseSource(path, refusals);
  for (const key of Object.keys(given)) {
    if (!harmless.has(key) && !isHeader(key, given))
      refusals.add("data that a script makes or loads in its own way", `dataset_kwargs.${key}`);
  }
  const splits = splitFiles(given.data_files, refusals);
  return {
    repo: String(path),
    revision: typeof given.revision === "string" ? given.revision : "main",
    ...(typeof name === "string" || typeof name === "number" ? { config: String(name) } : {}),
    ...(splits ? { splits } : {}),
    ...(Array.isArray(given.column_names) ? { columns: given.column_names as string[] } : {}),
  };
}

const hubFile = /^hf:\/\/datasets\/([^/]+\/[^/@]+)(?:@([^/]+))?\/(.+)$/;

/** A loader of files that names files of one Hub repository: `hf://datasets/owner/name/path`. */
function filesOnHub({ dataset_path: path, dataset_kwargs: given }: Translation["config"]): DatasetSpec | undefined {
  const { data_files: files, ...others } = (given ?? {}) as Record<string, unknown>;
  if (!fileLoaders.has(String(path)) || typeof files !== "object" || files === null || Array.isArray(files))
    return undefined;
  const named = Object.entries(files).map(
    ([split, file]) => [split, typeof file === "string" ? hubFile.exec(file) : null] as const,
  );
  const [, first] = named[0] ?? [];
  const same = named.every(([, match]) => match && match[1] === first?.[1] && match[2] === first?.[2]);
  if (!first?.[1] || !same || Object.keys(others).some((key) => !harmless.has(key))) return undefined;
  return {
    repo: first[1],
    revision: first[2] ?? "main",
    splits: Object.fromEntries(named.map(([split, match]) => [split, match?.[3] ?? ""])),
  };
}

/** Endings of files that we read as the loader of that name does. */
const readAlike: Readonly<Record<string, RegExp>> = {
  json: /\.(?:json|jsonl|ndjson)(?:\.(?:gz|zst))?$/,
  csv: /\.csv(?:\.gz)?$/,
  parquet: /\.parquet$/,
};

/** A loader of files that names files on this disk, from the working directory on. They stand in the task as seen from its folder. */
function filesOnDisk(
  { dataset_path: path, dataset_kwargs: given }: Translation["config"],
  root: string,
): DatasetSpec | undefined {
  const { data_files: files, ...others } = (given ?? {}) as Record<string, unknown>;
  const isOurs = (file: unknown) =>
    typeof file === "string" && readAlike[String(path)]?.test(file) === true && existsSync(resolve(file));
  const splits = typeof files === "object" && files !== null && !Array.isArray(files) ? files : { train: files };
  const named = Object.entries(splits).map(([split, list]): [string, unknown[]] => [split, [list].flat()]);
  if (!named.every(([, list]) => list.length > 0 && list.every(isOurs))) return undefined;
  if (Object.keys(others).some((key) => !harmless.has(key))) return undefined;
  return {
    path: Object.fromEntries(
      named.map(([split, list]) => [split, list.map((file) => relative(root, resolve(file as string)))]),
    ),
  };
}

function refuseSource(path: unknown, refusals: Translation["refusals"]): void {
  if (typeof path !== "string" || path === "")
    refusals.add("a configuration that lm-eval itself can't run", "no dataset_path");
  else if (fileLoaders.has(path)) refusals.add("data that isn't on the Hugging Face Hub", `the ${path} loader`);
  else refusals.add("data that isn't on the Hugging Face Hub", `dataset_path ${path}`);
}

/** `header: null` beside `column_names`: files without a header line. */
function isHeader(key: string, given: Record<string, unknown>): boolean {
  const without = given.header === null || given.header === undefined;
  return (key === "column_names" || key === "header") && Array.isArray(given.column_names) && without;
}

function splitFiles(value: unknown, refusals: Translation["refusals"]): Record<string, string | string[]> | undefined {
  if (value === undefined || value === null) return undefined;
  const files = typeof value === "object" && !Array.isArray(value) ? value : { train: value };
  for (const file of Object.values(files as object).flat()) {
    if (typeof file !== "string" || /^[a-z0-9+]+:\/\/|\.zip$|^\.\.?\//i.test(file) || file.startsWith("/"))
      refusals.add("data that isn't on the Hugging Face Hub", `data_files ${String(file)}`);
  }
  return files as Record<string, string | string[]>;
}

/** The split that is asked, and the one that shots come from by lm-eval's preconfigured rule. */
export function splitsOf({ config, refusals }: Translation): { evaluate: string; pool: string } {
  const of = (key: string) => (typeof config[key] === "string" ? (config[key] as string) : undefined);
  const evaluate = of("test_split") ?? of("validation_split");
  if (evaluate === undefined)
    refusals.add("a configuration that lm-eval itself can't run", "neither test_split nor validation_split");
  const fewshot = (config.fewshot_config ?? {}) as { split?: string };
  const pool =
    fewshot.split ??
    of("fewshot_split") ??
    of("training_split") ??
    of("validation_split") ??
    of("test_split") ??
    "train";
  for (const split of [evaluate, pool]) {
    if (split !== undefined && /[[\]%+]/.test(split))
      refusals.add("a configuration that lm-eval itself can't run", `the split ${split}`);
  }
  return { evaluate: evaluate ?? "test", pool };
}
