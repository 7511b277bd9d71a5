import { InputError, type Json, type JsonObject, type TaskFile } from "../contracts/index.ts";
import { compileTemplate, type Template } from "../prompt/index.ts";

/** One row of the data set with its derived fields. */
export interface Item {
  id: string;
  /** Position in the split, before `keep`. */
  row: number;
  /** The row's columns and the task's derived fields: what templates see. */
  document: JsonObject;
  categories: Record<string, string>;
  cluster: string | null;
}

type Shape = Pick<TaskFile, "id" | "fields" | "categories" | "cluster" | "itemId" | "keep">;

/**
 * Compiles what turns a row into an item.
 *
 * @param task - the task's derived fields, categories and id column
 * @param options - `split` for ids; `keep`: the protocol's own row filter, after the task's
 * @returns a function of row, position and file that gives `undefined` for rows that `keep` leaves out; templates see the file as
 *   `data_file`, for data sets that keep their categories apart in files
 */
export function compileItems(
  task: Shape,
  options: { split: string; keep?: string | undefined },
): (row: JsonObject, index: number, file: string) => Item | undefined {
  const fields = Object.entries(task.fields).map(([name, source]) => ({ name, template: compileTemplate(source) }));
  const keeps = [task.keep, options.keep]
    .filter((source) => source !== undefined)
    .map((source) => compileTemplate(source));
  const categories = compileCategories(task.categories);
  const cluster = task.cluster === undefined ? undefined : compileTemplate(task.cluster);
  return (row, index, file) => {
    const document: JsonObject = { data_file: file, data_row: index, ...row };
    for (const { name, template } of fields) document[name] = template.evaluate(document) as Json;
    if (!keeps.every((keep) => isTrue(keep.evaluate(document)))) return undefined;
    return {
      id: itemId(task, document, { split: options.split, index }),
      row: index,
      document,
      categories: categories(document),
      cluster: cluster ? cluster.render(document) : null,
    };
  };
}

function isTrue(value: unknown): boolean {
  return value !== false && value !== null && value !== undefined && value !== 0 && value !== "" && value !== "False";
}

function itemId(task: Shape, document: JsonObject, at: { split: string; index: number }): string {
  if (task.itemId === undefined) return `${at.split}/${at.index}`;
  const value = document[task.itemId];
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new InputError({
    code: "ITEM_ID_MISSING",
    what: `Row ${at.index} of ${task.id} (${at.split}) has no id in column "${task.itemId}".`,
    why:
      value === undefined
        ? `Its columns are ${Object.keys(document).join(", ")}.`
        : `The column holds ${JSON.stringify(value)}.`,
    fix: "Correct `itemId` in task.yaml, or leave it out: ids are then <split>/<row>.",
  });
}

/** A category may be called as something that every object has ("constructor"). */
function valueAt(map: Record<string, string>, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function compileCategories(levels: TaskFile["categories"]): (document: JsonObject) => Record<string, string> {
  const compiled = Object.entries(levels).map(([level, rule]) =>
    typeof rule === "string" ? { level, template: compileTemplate(rule) as Template } : { level, ...rule },
  );
  return (document) => {
    const categories: Record<string, string> = {};
    for (const rule of compiled) {
      if ("template" in rule) categories[rule.level] = rule.template.render(document);
      else categories[rule.level] = valueAt(rule.map, categories[rule.from] ?? "") ?? "other";
    }
    return categories;
  };
}
