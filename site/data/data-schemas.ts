import { runRecordSchema } from "@assay/harness/contracts";
import { z } from "zod";
import { sampleIndexSchema } from "../samples/schemas.ts";
import { changeSchema, equivalenceSchema } from "./declared-schemas.ts";
import { itemTableSchema } from "./item-table.ts";
import { earlierSnapshotSchema } from "./manifest-schemas.ts";
import { catalogueEntrySchema } from "./sample-catalogue.ts";
import {
  boardSchema,
  claimEntrySchema,
  columnSchema,
  distributionsSchema,
  modelSchema,
  pairsSchema,
  setupFileSchema,
  siteSchema,
  studyEntrySchema,
  taskSchema,
} from "./schemas.ts";

/** Schema of every kind of JSON data file, by its role in the manifest. */
export const dataSchemas: Readonly<Record<string, z.ZodType>> = {
  board: boardSchema,
  catalogue: z.array(catalogueEntrySchema),
  changes: z.array(changeSchema),
  claim: claimEntrySchema,
  column: columnSchema,
  distributions: z.array(distributionsSchema),
  items: itemTableSchema,
  equivalences: z.array(equivalenceSchema),
  models: z.array(modelSchema),
  pairs: pairsSchema,
  "run record": runRecordSchema,
  "sample index": sampleIndexSchema,
  setup: setupFileSchema,
  "earlier snapshots": z.array(earlierSnapshotSchema),
  site: siteSchema,
  study: studyEntrySchema,
  task: taskSchema,
};
