import { formatOf } from "../read/format-of.ts";

/** Split → files in reading order. */
export type SplitFiles = Record<string, string[]>;

/** An entry of `configs` in a data set's README. */
export interface DeclaredConfig {
  config_name?: string;
  data_files?: unknown;
  data_dir?: unknown;
  default?: unknown;
}

/** Words that the `datasets` library takes for a split, wherever they stand alone in a path. */
const splitWords: readonly (readonly [string, RegExp])[] = [
  ["train", wordPattern("train|training")],
  ["validation", wordPattern("validation|valid|dev|val")],
  ["test", wordPattern("test|testing|eval|evaluation")],
];

function wordPattern(words: string): RegExp {
  return new RegExp(`(?:^|[-._ /0-9])(?:${words})(?:[-._ /0-9]|$)`);
}

/**
 * Files of each split by what a README declares: one glob, several, or one list a split.
 *
 * @see https://huggingface.co/docs/hub/datasets-manual-configuration
 */
export function declaredSplits(declared: DeclaredConfig, files: readonly string[]): SplitFiles {
  const folder = typeof declared.data_dir === "string" ? declared.data_dir.replace(/^\.?\/|\/$/g, "") : "";
  const inside = folder === "" ? files : files.filter((path) => path.startsWith(`${folder}/`));
  if (declared.data_files === undefined || declared.data_files === null) return conventionalSplits(inside);
  const prefix = folder === "" ? "" : `${folder}/`;
  const match = (patterns: unknown) =>
    [patterns].flat().flatMap((pattern) => matching(`${prefix}${String(pattern).replace(/^\.?\//, "")}`, files));
  const { data_files: given } = declared;
  const isByName = typeof given === "object" && !Array.isArray(given);
  const list = isByName ? Object.entries(given as object).map(([split, path]) => ({ split, path })) : [given].flat();
  const splits: SplitFiles = {};
  for (const entry of list as (string | { split?: string; path?: unknown })[]) {
    const [split, paths] =
      typeof entry === "string" ? ["train", match(entry)] : [entry.split ?? "train", match(entry.path)];
    splits[split] = [...(splits[split] ?? []), ...paths];
  }
  return splits;
}

/**
 * Files of each split by their names: `data/<split>-00000-of-00001.parquet`, folders or names with a split's word in it; what
 * has no such word is training data.
 *
 * @see https://huggingface.co/docs/hub/datasets-file-names-and-splits
 */
export function conventionalSplits(files: readonly string[]): SplitFiles {
  const data = ofMainFormat(files.filter(isData).sort());
  const sharded = group(data, (path) => /(?:^|\/)([\w.]+?)-\d{5}-of-\d{5}[^/]*$/.exec(path)?.[1]);
  if (sharded) return sharded;
  const converted = group(data, (path) => /(?:^|\/)([\w.]+)\/\d{4}\.parquet$/.exec(path)?.[1]);
  if (converted) return converted;
  const wordOf = (text: string) => splitWords.find(([, pattern]) => pattern.test(text))?.[0];
  const byName = group(data, (path) => wordOf(path.slice(path.lastIndexOf("/") + 1)));
  return byName ?? group(data, wordOf) ?? (data.length > 0 ? { train: data } : {});
}

/** All files that have a name by this rule, by name; `undefined` where none has. */
function group(files: readonly string[], nameOf: (path: string) => string | undefined): SplitFiles | undefined {
  const groups: SplitFiles = {};
  for (const path of files) {
    const name = nameOf(path);
    if (name !== undefined) groups[name] = [...(groups[name] ?? []), path];
  }
  return Object.keys(groups).length > 0 ? groups : undefined;
}

const preferred = ["parquet", "jsonl", "json", "csv"];

/** A repository may hold the same rows twice. The format with the most files counts; of equals, the first preferred one. */
function ofMainFormat(files: readonly string[]): string[] {
  const extensionOf = (path: string) => /\.([^./]+)(?:\.(?:gz|zst|bz2|xz|zip))?$/.exec(path)?.[1]?.toLowerCase() ?? "";
  const counts = new Map<string, number>();
  for (const path of files) counts.set(extensionOf(path), (counts.get(extensionOf(path)) ?? 0) + 1);
  const rank = (extension: string) => (preferred.includes(extension) ? preferred.indexOf(extension) : preferred.length);
  const [main] = [...counts].sort(([a, m], [b, n]) => n - m || rank(a) - rank(b) || (a < b ? -1 : 1))[0] ?? [];
  return files.filter((path) => extensionOf(path) === main);
}

function isData(path: string): boolean {
  if (/(?:^|\/)(?:\.|README|dataset_infos?\.json$|dataset_dict\.json$|metadata\.|state\.json$)/i.test(path))
    return false;
  try {
    formatOf(path);
    return true;
  } catch {
    return false;
  }
}

/** Files that a glob names (`*`, `**`, `?`, `[…]`, `{a,b}`), or the one file of that name. */
function matching(pattern: string, files: readonly string[]): string[] {
  if (!/[*?[{]/.test(pattern)) return files.filter((path) => path === pattern || path.startsWith(`${pattern}/`)).sort();
  const source = pattern.replace(/\*\*\/?|\*|\?|\{[^}]*\}|\[[^\]]*\]|[^*?[{]+|./g, (part) => {
    if (part.startsWith("**")) return part.endsWith("/") ? "(?:.*/)?" : ".*";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    if (part.startsWith("{")) return `(?:${part.slice(1, -1).split(",").map(escaped).join("|")})`;
    if (part.startsWith("[")) return part.replace("[!", "[^");
    return escaped(part);
  });
  const expression = new RegExp(`^${source}$`);
  return files.filter((path) => expression.test(path)).sort();
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
