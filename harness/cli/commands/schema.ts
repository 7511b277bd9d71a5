import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../contracts/index.ts";
import { taskJsonSchemas } from "../../task/index.ts";
import type { Options } from "../flags.ts";
import type { Terminal } from "../terminal.ts";

/** `assay schema`: JSON Schemas for editors and validators. */
export async function run([folder]: string[], _options: Options, terminal: Terminal): Promise<number> {
  const schemas = taskJsonSchemas();
  if (folder === undefined) {
    terminal.json(schemas);
    return 0;
  }
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, schema] of Object.entries(schemas))
      writeFileSync(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`);
  } catch (cause) {
    throw new InputError({
      code: "OUT_UNWRITABLE",
      what: `Schemas can't be written to ${folder}.`,
      why: cause instanceof Error ? cause.message : String(cause),
      fix: "Name a folder that you may write to: assay schema <dir>.",
      cause,
    });
  }
  terminal.say(`wrote ${Object.keys(schemas).join(", ")} into ${folder}`);
  return 0;
}
