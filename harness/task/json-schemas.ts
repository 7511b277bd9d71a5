import { z } from "zod";
import {
  type JsonObject,
  protocolFileSchema,
  runRecordSchema,
  sampleSchema,
  taskFileSchema,
} from "../contracts/index.ts";

/** JSON Schemas of the files people write and read, for editors and validators, by file name. */
export function taskJsonSchemas(): Record<string, JsonObject> {
  const schemas = { task: taskFileSchema, protocol: protocolFileSchema, run: runRecordSchema, sample: sampleSchema };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      `${name}.schema.json`,
      z.toJSONSchema(schema, { io: "input" }) as JsonObject,
    ]),
  );
}
