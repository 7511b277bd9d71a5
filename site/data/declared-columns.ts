import { InputError, nearestName, type RunRecord } from "@assay/harness/contracts";
import type { Place } from "./equivalences.ts";
import type { Column } from "./schemas.ts";
import type { BoardFile } from "./site-files.ts";

interface Sources {
  columns: readonly Column[];
  places: ReadonlyMap<string, Place>;
}

/** Whether boards have names of their own and name models that were run. @throws InputError `BOARD_TWICE`, `BOARD_MODEL` */
export function checkBoards(
  boards: readonly BoardFile[],
  { records }: { records: ReadonlyMap<string, RunRecord> },
): void {
  const ids = boards.map((board) => board.id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) {
    const fix = "Give each board an id of its own.";
    throw new InputError({ code: "BOARD_TWICE", what: `Two boards are called "${twice}".`, fix });
  }
  const models = new Set([...records.values()].map((record) => record.model));
  for (const board of boards) {
    const absent = board.models?.find((model) => !models.has(model));
    if (absent === undefined) continue;
    const meant = nearestName(absent, models);
    throw new InputError({
      code: "BOARD_MODEL",
      what: `Board "${board.id}" names ${absent}, but no run is of that model.`,
      fix: meant ? `Did you mean "${meant}"?` : `There are: ${[...models].sort().join(", ")}.`,
    });
  }
}

/** Whether scores of a setup, given by the start of its hash, are in a column. */
function standsIn(setup: string, column: Column, places: Sources["places"]): boolean {
  if (column.setup.startsWith(setup)) return true;
  return [...places].some(([hash, place]) => hash.startsWith(setup) && place.setup === column.setup);
}

/**
 * The column of each task that a board declares.
 *
 * @throws InputError `BOARD_SETUPS`, `BOARD_EMPTY`, `BOARD_TWICE`, `BOARD_UNITS`
 */
export function declaredColumns(file: BoardFile, { columns, places }: Sources): Column[] {
  const chosen = file.tasks.map(({ task, protocol, setup }) => {
    const fitting = columns.filter(
      (column) =>
        column.task === task &&
        (protocol === undefined || column.protocol === protocol) &&
        (setup === undefined || standsIn(setup, column, places)),
    );
    const hashes = new Set(fitting.map((column) => column.setup));
    const name = `${task}${protocol ? `@${protocol}` : ""}`;
    if (fitting[0] && hashes.size === 1) return fitting[0];
    const plain = fitting.filter((column) => column.overrides.length === 0);
    if (setup === undefined && plain[0] && plain.length === 1) return plain[0];
    const known = columns.filter((column) => column.task === task).map((c) => `${c.protocol} ${c.setup.slice(0, 12)}`);
    throw new InputError({
      code: hashes.size > 1 ? "BOARD_SETUPS" : "BOARD_EMPTY",
      what:
        hashes.size > 1
          ? `Board "${file.id}" puts ${hashes.size} setups of ${name} into one column.`
          : `Board "${file.id}" names ${name}, but no complete run has it.`,
      why: "A column holds scores of one comparability hash.",
      fix: `Name one with \`setup:\`. There are: ${known.join(", ") || "none"}.`,
    });
  });
  const twice = chosen.find((column, at) => chosen.indexOf(column) !== at);
  if (twice) {
    throw new InputError({
      code: "BOARD_TWICE",
      what: `Board "${file.id}" has ${twice.task}@${twice.protocol} in one setup twice.`,
      why: "It would weigh double.",
      fix: "Take one of the two out, or name another setup.",
    });
  }
  checkUnits(file, chosen);
  return chosen;
}

/** A mean over different units, or over what is better high and what is better low, means nothing. */
function checkUnits(file: BoardFile, columns: readonly Column[]): void {
  const kinds = new Set(columns.map(({ unit, lowerIsBetter }) => `${unit}${lowerIsBetter ? ", lower is better" : ""}`));
  if (file.aggregate === "none" || kinds.size < 2) return;
  throw new InputError({
    code: "BOARD_UNITS",
    what: `Board "${file.id}" asks for a mean over ${[...kinds].join(" and ")}.`,
    fix: "Write aggregate: none, or make a board of each.",
  });
}
