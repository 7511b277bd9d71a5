import { existsSync } from "node:fs";
import { join } from "node:path";
import { claimSchema, type JsonObject, studySchema } from "@assay/harness/contracts";
import { z } from "zod";
import { changeSchema, contaminationFlagSchema, equivalenceSchema, modelMetaSchema } from "./declared-schemas.ts";
import { readDeclared, readYamlFile } from "./read-declared.ts";

const slug = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, "lower-case letters, digits, '.', '_' and '-'");

const siteFileSchema = z.strictObject({
  title: z.string().default("Assay leaderboard"),
  summary: z
    .string()
    .default("Benchmark scores with the setup that produced them, how sure they are, and every answer behind them."),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("where the site will be: for feeds and the site map"),
  licence: z.string().optional(),
  citation: z.string().optional(),
  robots: z.enum(["index", "noindex"]).default("index"),
  samples: z
    .strictObject({
      storage: z.enum(["bundled", "external", "withheld"]).default("bundled"),
      baseUrl: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe("external: where the shards are put"),
      reason: z.string().optional().describe("withheld: why"),
    })
    .prefault({}),
  allowSecrets: z.array(z.string()).default([]).describe("hashes of texts that look like credentials and are none"),
});

const boardFileSchema = z.strictObject({
  id: slug,
  title: z.string(),
  summary: z.string().default(""),
  tasks: z
    .array(
      z.strictObject({
        task: z.string(),
        protocol: z.string().optional(),
        setup: z.string().min(6).optional().describe("start of a comparability hash, where a protocol has several"),
      }),
    )
    .min(1),
  models: z.array(z.string()).optional().describe("only these"),
  aggregate: z
    .enum(["mean", "none"])
    .default("none")
    .describe("mean: over models that have every task; missing cells are never averaged over"),
});

const boardsFileSchema = z.strictObject({ boards: z.array(boardFileSchema).min(1) });
const equivalencesFileSchema = z.strictObject({ equivalences: z.array(equivalenceSchema) });
const contaminationFileSchema = z.strictObject({ flags: z.array(contaminationFlagSchema) });
const modelsFileSchema = z.strictObject({ models: z.array(modelMetaSchema) });
const changesFileSchema = z.strictObject({ changes: z.array(changeSchema) });

type SiteFile = z.infer<typeof siteFileSchema>;
export type BoardFile = z.infer<typeof boardFileSchema>;

/** What a results folder says about how it is to be shown. Every file may be absent. */
export interface SiteFiles {
  site: SiteFile;
  /** `null`: one board is made by rule. */
  boards: BoardFile[] | null;
  equivalences: z.infer<typeof equivalencesFileSchema>["equivalences"];
  contamination: z.infer<typeof contaminationFileSchema>["flags"];
  models: z.infer<typeof modelsFileSchema>["models"];
  changes: z.infer<typeof changesFileSchema>["changes"];
  claims: z.infer<typeof claimSchema>[];
  studies: z.infer<typeof studySchema>[];
}

/** Reads `site.yaml`, `boards.yaml`, `equivalences.yaml`, `contamination.yaml`, `models.yaml`, `changes.yaml`, `claims/*.yaml` and `studies/*.yaml`. @throws InputError on what they can't say */
export function readSiteFiles(results: string): SiteFiles {
  return {
    site: read(results, "site.yaml", siteFileSchema) ?? siteFileSchema.parse({}),
    boards: read(results, "boards.yaml", boardsFileSchema)?.boards ?? null,
    equivalences: read(results, "equivalences.yaml", equivalencesFileSchema)?.equivalences ?? [],
    contamination: read(results, "contamination.yaml", contaminationFileSchema)?.flags ?? [],
    models: read(results, "models.yaml", modelsFileSchema)?.models ?? [],
    changes: read(results, "changes.yaml", changesFileSchema)?.changes ?? [],
    claims: readDeclared(join(results, "claims"), claimSchema),
    studies: readDeclared(join(results, "studies"), studySchema),
  };
}

function read<T>(results: string, name: string, schema: z.ZodType<T>): T | undefined {
  const path = join(results, name);
  return existsSync(path) ? readYamlFile(path, schema) : undefined;
}

/** JSON Schemas of the files that people write beside the records, for editors, by file name. */
export function siteFileJsonSchemas(): Record<string, JsonObject> {
  const schemas = {
    site: siteFileSchema,
    boards: boardsFileSchema,
    equivalences: equivalencesFileSchema,
    contamination: contaminationFileSchema,
    models: modelsFileSchema,
    changes: changesFileSchema,
    claim: claimSchema,
    study: studySchema,
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      `${name}.schema.json`,
      z.toJSONSchema(schema, { io: "input" }) as JsonObject,
    ]),
  );
}
