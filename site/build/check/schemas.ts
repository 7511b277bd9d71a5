import { dataSchemas } from "../../data/data-schemas.ts";
import type { DataFile } from "../../data/manifest-schemas.ts";

/** Whether a data file is what its role says. */
export function checkSchema(file: DataFile, value: unknown): string[] {
  const schema = dataSchemas[file.role];
  if (!schema) return [];
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  const issue = parsed.error.issues[0];
  return [`${file.path} (${file.name}): ${issue?.path.join(".")}: ${issue?.message}`];
}
