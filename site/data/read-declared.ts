import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "@assay/harness/contracts";
import { parse } from "yaml";
import type { z } from "zod";

/**
 * Reads every `<folder>/*.yaml` of a results folder, sorted by name.
 *
 * @throws InputError `SITE_FILE_INVALID` naming the file and its faults
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

/** Reads one YAML file. @throws InputError `SITE_FILE_INVALID` on what it can't say */
export function readYamlFile<T>(path: string, schema: z.ZodType<T>): T {
  let content: unknown;
  try {
    content = parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : String(cause);
    throw new InputError({ code: "SITE_FILE_INVALID", what: `${path} isn't YAML.`, why, fix: "Mend it.", cause });
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new InputError({
    code: "SITE_FILE_INVALID",
    what: `${path} can't be used.`,
    why: parsed.error.issues.map((issue) => `${issue.path.join(".") || "file"}: ${issue.message}`).join("; "),
    fix: "Mend these fields.",
  });
}
