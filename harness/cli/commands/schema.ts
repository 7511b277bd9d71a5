import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../../record/index.ts";
import { taskJsonSchemas } from "../../task/index.ts";
import type { Options } from "../flags.ts";
import { outUnwritable } from "../out-unwritable.ts";
import type { Terminal } from "../terminal.ts";

/** `assay schema`: JSON Schemas for editors and validators. */
export async function run([folder]: string[], _options: Options, terminal: Terminal): Promise<number> {
  const { siteFileJsonSchemas } = await import("@assay/site");
  const schemas = { ...taskJsonSchemas(), ...siteFileJsonSchemas() };
  if (folder === undefined) {
    terminal.json(schemas);
    return 0;
  }
  try {
    makeFolder(folder);
    for (const [name, schema] of Object.entries(schemas))
      writeFileSync(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`);
  } catch (cause) {
    throw outUnwritable("Schemas", folder, cause);
  }
  terminal.say(`wrote ${Object.keys(schemas).join(", ")} into ${folder}`);
  return 0;
}
