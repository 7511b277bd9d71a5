import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeRunFolder } from "./index.ts";

test("records go to a folder, and a file in its place is named", async () => {
  const root = mkdtempSync(join(tmpdir(), "assay-results-"));
  expect(await makeRunFolder(join(root, "new"), "toy-chat-m")).toBe(join(root, "new/runs/toy-chat-m"));
  writeFileSync(join(root, "file"), "");
  await expect(makeRunFolder(join(root, "file"), "toy-chat-m")).rejects.toMatchObject({
    code: "RESULTS_UNWRITABLE",
    what: expect.stringContaining(join(root, "file")),
  });
});
