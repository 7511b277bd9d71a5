import { runRecordSchema } from "@assay/harness/contracts";
import { z } from "zod";
import { catalogueEntrySchema } from "../../data/sample-catalogue.ts";
import {
  boardSchema,
  changeSchema,
  columnSchema,
  type DataFile,
  modelSchema,
  pairsSchema,
  setupFileSchema,
  siteSchema,
  taskSchema,
} from "../../data/schemas.ts";
import { sampleIndexSchema } from "../../samples/schemas.ts";

/** Schema of every kind of data file, by its role in the manifest. */
const dataSchemas: Readonly<Record<string, z.ZodType>> = {
  board: boardSchema,
  catalogue: z.array(catalogueEntrySchema),
  changes: z.array(changeSchema),
  column: columnSchema,
  models: z.array(modelSchema),
  pairs: pairsSchema,
  "run record": runRecordSchema,
  "sample index": sampleIndexSchema,
  setup: setupFileSchema,
  site: siteSchema,
  task: taskSchema,
};

/** Whether a data file is what its role says. */
export function checkSchema(file: DataFile, value: unknown): string[] {
  const schema = dataSchemas[file.role];
  if (!schema) return [];
  const parsed = schema.safeParse(value);
  if (parsed.success) return [];
  const issue = parsed.error.issues[0];
  return [`${file.path} (${file.name}): ${issue?.path.join(".")}: ${issue?.message}`];
}
