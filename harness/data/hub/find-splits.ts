import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { listFiles } from "@huggingface/hub";
import { parse } from "yaml";
import { nearestName } from "../../contracts/index.ts";
import { repositoryFolder } from "../cache/layout.ts";
import { ContentError } from "../errors/content-error.ts";
import { announceFiles } from "./announce-files.ts";
import { downloadToCache } from "./download-file.ts";
import { conventionalSplits, type DeclaredConfig, declaredSplits, type SplitFiles } from "./name-splits.ts";
import { type Connection, openSession } from "./session.ts";
import { displayName, type Subject } from "./subject.ts";

/** Branch on which the Hub keeps its own Parquet conversion of data sets, also of those that are made by a script. */
export const conversionBranch = "refs/convert/parquet";

/**
 * Finds the files of each split as the `datasets` library does: by the `configs` of the README, else by file names. A folder
 * named after the configuration counts as well: that is how the Hub lays out its own Parquet conversion.
 *
 * @returns `undefined` where the repository has a loading script and no data that could be read without running it
 * @throws ContentError `DATA_CONFIG_UNKNOWN`, `DATA_SPLITS_UNCLEAR`, HubError
 */
export async function findSplits(
  connection: Connection,
  subject: Subject,
  config: string | undefined,
): Promise<SplitFiles | undefined> {
  const files = await filesOf(connection, subject);
  const title = displayName(subject.repository);
  const declared = files.includes("README.md") ? await declaredConfigs(connection, subject) : [];
  if (declared.length > 0) return declaredSplits(chooseConfig(declared, config, title), files);
  const folder = config === undefined ? [] : files.filter((path) => path.startsWith(`${config}/`));
  const splits = conventionalSplits(folder.length > 0 ? folder : files);
  const name = title.slice(title.lastIndexOf("/") + 1);
  const hasScript = files.includes(`${name}.py`);
  if (config !== undefined && config !== "default" && folder.length === 0) {
    if (hasScript) return undefined;
    throw unknownConfig(title, config, [...new Set(files.flatMap((path) => /^([^/]+)\//.exec(path)?.[1] ?? []))]);
  }
  if (Object.keys(splits).length > 0) return splits;
  if (hasScript) return undefined;
  throw new ContentError({
    code: "DATA_SPLITS_UNCLEAR",
    what: `${title} holds no files that look like data.`,
    why: `It has ${files.length} files: ${files.slice(0, 5).join(", ")}${files.length > 5 ? ", …" : ""}.`,
    fix: "Write `splits` in the task's dataset: split → file.",
  });
}

/** From the Hub; without a network, what of the commit is in the cache. */
async function filesOf(connection: Connection, subject: Subject): Promise<string[]> {
  if (connection.settings.offline) return await cachedFiles(connection, subject);
  const session = openSession(connection, subject);
  const names: string[] = [];
  try {
    const tree = listFiles({
      repo: { type: subject.repository.type, name: subject.repository.name },
      revision: subject.revision,
      recursive: true,
      hubUrl: connection.settings.endpoint,
      fetch: session.fetch,
    });
    for await (const entry of tree) if (entry.type === "file") names.push(entry.path);
  } catch (error) {
    throw session.explain(error);
  }
  return names;
}

async function cachedFiles(connection: Connection, subject: Subject): Promise<string[]> {
  const root = repositoryFolder(connection.settings.cacheDir, subject.repository).pointer(subject.revision, "");
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

async function declaredConfigs(connection: Connection, subject: Subject): Promise<DeclaredConfig[]> {
  const folder = repositoryFolder(connection.settings.cacheDir, subject.repository);
  const cached = await readFile(folder.pointer(subject.revision, "README.md"), "utf8").catch(() => undefined);
  const text = cached ?? (await fetchReadme(connection, subject));
  const header = /^---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)/.exec(text)?.[1];
  if (header === undefined) return [];
  const metadata = parseHeader(header, displayName(subject.repository));
  return Array.isArray(metadata?.configs) ? (metadata.configs as DeclaredConfig[]) : [];
}

function parseHeader(header: string, title: string): { configs?: unknown } | null {
  try {
    return parse(header, { uniqueKeys: false }) as { configs?: unknown } | null;
  } catch (cause) {
    throw new ContentError({
      code: "DATA_SPLITS_UNCLEAR",
      what: `The README of ${title} begins with something other than YAML.`,
      why: cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause),
      fix: "Write `splits` in the task's dataset: split → file.",
      cause,
    });
  }
}

async function fetchReadme(connection: Connection, subject: Subject): Promise<string> {
  const [announced] = await announceFiles(connection, subject, ["README.md"]);
  if (announced === undefined) return "";
  const file = { ...subject, path: "README.md" };
  const { location } = await downloadToCache(connection, file, { announced, onBytes: () => {} });
  return await readFile(location, "utf8");
}

function chooseConfig(declared: readonly DeclaredConfig[], wanted: string | undefined, title: string): DeclaredConfig {
  const nameOf = (config: DeclaredConfig) => config.config_name ?? "default";
  const found =
    wanted === undefined
      ? (declared.find((config) => config.default === true) ??
        declared.find((config) => nameOf(config) === "default") ??
        (declared.length === 1 ? declared[0] : undefined))
      : declared.find((config) => nameOf(config) === wanted);
  if (found) return found;
  throw unknownConfig(title, wanted, declared.map(nameOf));
}

function unknownConfig(title: string, wanted: string | undefined, names: readonly string[]): ContentError {
  const meant = wanted === undefined ? undefined : nearestName(wanted, names);
  return new ContentError({
    code: "DATA_CONFIG_UNKNOWN",
    what:
      wanted === undefined
        ? `${title} has several configurations, and none of them is the default.`
        : `${title} has no configuration ${JSON.stringify(wanted)}.`,
    fix: `${meant === undefined ? "" : `Did you mean ${meant}? `}It has: ${names.slice(0, 20).join(", ")}${names.length > 20 ? ", …" : ""}.`,
    details: { configs: names },
  });
}
