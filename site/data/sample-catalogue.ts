import { unitSchema } from "@assay/harness/contracts";
import { z } from "zod";

/** A run and where its samples are: what the sample viewer and the comparison start from. */
export const catalogueEntrySchema = z.strictObject({
  run: z.string(),
  model: z.string(),
  task: z.string(),
  protocol: z.string(),
  setup: z.string(),
  column: z.string().describe("column that its score stands in, or would if it weren't partial"),
  equivalent: z.array(z.string()).describe("equivalences by which that is another setup's column"),
  partial: z.boolean(),
  unit: unitSchema.nullable().describe("of the primary score; null: there is none"),
  lowerIsBetter: z.boolean(),
  index: z.string().nullable().describe("path of the sample index from the site's root; null: samples aren't shown"),
  record: z.string().describe("path of run.json from the site's root"),
  setupFile: z.string(),
});

export type CatalogueEntry = z.infer<typeof catalogueEntrySchema>;
