import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { InputError, ProblemsError } from "@assay/harness/contracts";
import { checkAgainst, readYaml } from "@assay/harness/record";
import type { z } from "zod";

/**
 * Reads every `<folder>/*.yaml` of a results folder, sorted by name.
 *
 * @throws ProblemsError naming every fault with file, line and column
 */
export function readDeclared<T extends { id: string }>(folder: string, schema: z.ZodType<T>): T[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return names.sort().map((name) => {
    const value = readYamlFile(join(folder, name), schema);
    if (`${value.id}.yaml` === name) return value;
    throw new InputError({
      code: "SITE_FILE_INVALID",
      what: `${join(folder, name)} calls itself "${value.id}".`,
      fix: `Its id must be its file name: "${name.slice(0, -".yaml".length)}".`,
    });
  });
}

/** Reads one YAML file. @throws InputError on what isn't YAML @throws ProblemsError naming every fault with line and column */
export function readYamlFile<T>(path: string, schema: z.ZodType<T>): T {
  const file = readYaml(path);
  const { value, problems } = checkAgainst(schema, file.value, file);
  if (value === undefined) throw new ProblemsError(problems);
  return value;
}
