import type { DatasetRecord, JsonObject, Model, Setup } from "../contracts/index.ts";
import { InputError } from "../contracts/index.ts";
import { type DatasetHandle, type DownloadProgress, openDataset } from "../data/index.ts";
import { extractVersion } from "../extract/index.ts";
import { promptVersion } from "../prompt/index.ts";
import { hashOf, hashSetup, ListHash, runIdOf } from "../record/index.ts";
import { scoreVersion } from "../score/index.ts";
import { compileItems, type Item, type Resolved } from "../task/index.ts";
import { checkPrimary } from "./check-primary.ts";

/** A run that is fully decided, before anything is asked. */
export interface Prepared {
  resolved: Resolved;
  setup: Setup;
  runId: string;
  /** Items that will be asked, after `keep` and `--limit`. */
  items: number;
  /** Streams the items in the order of the data set. */
  read(): AsyncGenerator<Item>;
  /** Rows that shots are drawn from, as items; empty at zero shots. */
  pool: Item[];
  data: DatasetHandle;
}

export interface PrepareOptions {
  limit?: number | undefined;
  sandbox?: JsonObject | null;
  onProgress?: (event: DownloadProgress) => void;
  signal?: AbortSignal;
}

/** What of a model goes into a setup. */
export type ModelIdentity = Pick<Model, "provider" | "name" | "baseUrl" | "options" | "chatTemplateSha256">;

/**
 * Fetches and hashes a task's data and writes down the complete setup.
 *
 * @throws InputError when the data can't be had, no item is left to ask, or the leading score isn't among those computed
 */
export async function prepare(
  resolved: Resolved,
  model: ModelIdentity,
  options: PrepareOptions = {},
): Promise<Prepared> {
  const { task, protocol } = resolved;
  checkPrimary(protocol);
  const split = protocol.evaluate ?? task.evaluate;
  const poolSplit = usesPool(resolved) ? (protocol.shots.split ?? "train") : undefined;
  const data = await openTaskData(resolved, { splits: [split, poolSplit], options });
  const toItem = compileItems(task, { split, keep: protocol.keep });
  const limit = options.limit ?? Number.POSITIVE_INFINITY;

  const how = { toItem, limit, namesItems: task.itemId !== undefined, signal: options.signal };
  const survey = await surveyRows(data.rows(split), how);
  if (survey.items === 0) throw emptyData(resolved, split, survey.rows);
  const pool = poolSplit === undefined ? undefined : await readPool(data, { resolved, split: poolSplit });
  const provenance = data.provenance();
  const dataset: DatasetRecord = {
    kind: provenance.source,
    repo: provenance.repo,
    revision: provenance.revision,
    config: provenance.config,
    split,
    rows: survey.rows,
    items: survey.items,
    itemsSha256: survey.rowsSha256,
    itemIdsSha256: survey.idsSha256,
    files: provenance.files.map(({ path, sha256, bytes }) => ({ path, sha256, bytes })),
    differs: differences(resolved, { split, ...survey }),
  };
  const setup = hashSetup({
    task: { id: task.id, title: task.title, definitionSha256: definitionHash(resolved), card: task.card },
    protocol,
    overrides: resolved.overrides,
    dataset,
    shotPool: pool ? { split: pool.split, rows: pool.items.length, itemsSha256: pool.sha256 } : null,
    limit: options.limit ?? null,
    versions: { prompt: promptVersion, extract: extractVersion, score: scoreVersion },
    judge: null,
    sandbox: options.sandbox ?? null,
    model: identityOf(model),
  });
  const read = async function* () {
    let asked = 0;
    for await (const { index, row, file } of data.rows(split)) {
      const item = toItem(row, index, file);
      if (!item) continue;
      yield item;
      asked += 1;
      if (asked >= limit) return;
    }
  };
  return { resolved, setup, runId: runIdOf(setup), items: survey.items, read, pool: pool?.items ?? [], data };
}

/** The same data and protocol for another model, without reading anything again. */
export function withModel(prepared: Prepared, model: ModelIdentity): Prepared {
  const { comparabilityHash: _comparability, identityHash: _identity, ...shared } = prepared.setup;
  const setup = hashSetup({ ...shared, model: identityOf(model) });
  return { ...prepared, setup, runId: runIdOf(setup) };
}

function identityOf({ provider, name, baseUrl, options, chatTemplateSha256 }: ModelIdentity): Setup["model"] {
  return { provider, name, baseUrl, options, chatTemplateSha256: chatTemplateSha256 ?? null };
}

function usesPool({ protocol }: Resolved): boolean {
  return protocol.shots.count > 0 && (protocol.shots.sampler !== "fixed" || protocol.shots.ids !== undefined);
}

/** Opens the data of a task; only the splits that are named are fetched. */
export async function openTaskData(
  resolved: Pick<Resolved, "task" | "folder">,
  wanted: { splits: (string | undefined)[]; options?: PrepareOptions },
): Promise<DatasetHandle> {
  const splits = [...new Set(wanted.splits.filter((split) => split !== undefined))];
  return openDataset(resolved.task.dataset, {
    taskId: resolved.task.id,
    baseDir: resolved.folder,
    splits,
    ...(wanted.options?.onProgress ? { onProgress: wanted.options.onProgress } : {}),
    ...(wanted.options?.signal ? { signal: wanted.options.signal } : {}),
  });
}

interface Survey {
  rows: number;
  items: number;
  rowsSha256: string;
  idsSha256: string;
}

/** One pass over all rows: counts, hashes, and ids that must not repeat. */
async function surveyRows(
  rows: AsyncIterable<{ index: number; row: JsonObject; file: string }>,
  how: {
    toItem: ReturnType<typeof compileItems>;
    limit: number;
    namesItems: boolean;
    signal: AbortSignal | undefined;
  },
): Promise<Survey> {
  const rowHash = new ListHash();
  const idHash = new ListHash();
  const seen = new DuplicateCheck();
  for await (const { index, row, file } of rows) {
    how.signal?.throwIfAborted();
    rowHash.add(row);
    if (idHash.count >= how.limit) continue;
    const item = how.toItem(row, index, file);
    if (!item) continue;
    idHash.add(item.id);
    // Ids that are `<split>/<row>` can't repeat; only ids from a column are remembered.
    if (how.namesItems) seen.add(item.id, index);
  }
  return { rows: rowHash.count, items: idHash.count, rowsSha256: rowHash.digest(), idsSha256: idHash.digest() };
}

class DuplicateCheck {
  readonly #seen = new Set<string>();

  add(id: string, row: number): void {
    if (this.#seen.has(id)) {
      throw new InputError({
        code: "ITEM_ID_REPEATED",
        what: `Two rows have the id ${JSON.stringify(id)} (the second is row ${row}).`,
        fix: "Name another column in `itemId`, or leave it out.",
      });
    }
    this.#seen.add(id);
  }
}

async function readPool(
  data: DatasetHandle,
  from: { resolved: Resolved; split: string },
): Promise<{ split: string; items: Item[]; sha256: string }> {
  const { task, protocol } = from.resolved;
  const sameSplit = from.split === (protocol.evaluate ?? task.evaluate);
  const keep = protocol.shots.keep ?? (sameSplit ? protocol.keep : undefined);
  const toItem = compileItems(task, { split: from.split, keep });
  const hash = new ListHash();
  const items: Item[] = [];
  for await (const { index, row, file } of data.rows(from.split)) {
    hash.add(row);
    const item = toItem(row, index, file);
    if (item) items.push(item);
  }
  return { split: from.split, items, sha256: hash.digest() };
}

function definitionHash({ task }: Resolved): string {
  const { evaluate, itemId, keep, fields, categories, cluster } = task;
  return hashOf({ evaluate, itemId, keep, fields, categories, cluster });
}

function differences({ task }: Resolved, found: Survey & { split: string }): string[] {
  const rows = task.expected?.rows?.[found.split];
  const items = task.expected?.items?.[found.split];
  const all: string[] = [];
  if (rows !== undefined && rows !== found.rows)
    all.push(`${found.split} has ${found.rows} rows, the official data ${rows}`);
  if (items !== undefined && items !== found.rowsSha256)
    all.push(`${found.split} holds other content than the task pins`);
  return all;
}

function emptyData({ task, protocol }: Resolved, split: string, rows: number): InputError {
  return new InputError({
    code: "DATA_EMPTY",
    what: `${task.id}@${protocol.id} has no item to ask in split ${split}.`,
    why: rows === 0 ? "The split has no rows." : `\`keep\` leaves out all of its ${rows} rows.`,
    fix: "Check the split and `keep`.",
  });
}
