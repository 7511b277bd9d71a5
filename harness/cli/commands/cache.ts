import { InputError } from "../../contracts/index.ts";
import { openCache } from "../../model/index.ts";
import type { Options } from "../flags.ts";
import { counted } from "../format.ts";
import { renderTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** `assay cache ls|prune`. */
export async function run([action]: string[], options: Options, terminal: Terminal): Promise<number> {
  if (action !== "ls" && action !== "prune")
    throw new InputError({
      code: "ACTION_UNKNOWN",
      what: `There is no \`assay cache ${action}\`.`,
      fix: "Use `assay cache ls` or `assay cache prune --older-than <days>`.",
    });
  const cache = openCache();
  try {
    if (action === "ls") {
      const entries = cache.list();
      if (options.json) terminal.json({ path: cache.path, models: entries });
      else
        terminal.print(
          `${cache.path}\n${renderTable(
            [
              { title: "model" },
              { title: "responses", align: "right" },
              { title: "MB", align: "right" },
              { title: "last used" },
            ],
            entries.map((entry) => [
              entry.model,
              String(entry.responses),
              (entry.bytes / 1e6).toFixed(1),
              entry.lastUsed,
            ]),
          )}`,
        );
      return 0;
    }
    if (options.olderThan === undefined && !options.all && !options.model) {
      throw new InputError({
        code: "PRUNE_WHAT",
        what: "`assay cache prune` must be told what.",
        fix: "Add --older-than <days>, --model <provider/name> or --all.",
      });
    }
    const removed = cache.prune({
      ...(options.olderThan === undefined ? {} : { olderThanDays: options.olderThan }),
      ...(options.model?.[0] ? { model: options.model[0] } : {}),
    });
    if (options.json) terminal.json({ removed });
    else terminal.print(`removed ${counted(removed, "response")}`);
    return 0;
  } finally {
    cache.close();
  }
}
