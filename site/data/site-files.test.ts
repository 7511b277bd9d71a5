import { expect, test } from "vitest";
import { siteFileJsonSchemas } from "./site-files.ts";

test("every file beside the records has a schema that editors can use", () => {
  const schemas = siteFileJsonSchemas();
  expect(Object.keys(schemas)).toEqual(
    ["site", "boards", "equivalences", "contamination", "models", "changes", "claim", "study"].map(
      (name) => `${name}.schema.json`,
    ),
  );
  expect(schemas["boards.schema.json"]).toMatchObject({
    properties: { boards: { items: { required: ["id", "title", "tasks"], additionalProperties: false } } },
  });
});
