import { mkdtempSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { serveSite } from "./serve-site.ts";

test("what is asked for may be no address at all: the server answers 404 and goes on", async () => {
  const out = mkdtempSync(join(tmpdir(), "assay-served-"));
  for (const name of ["index.html", "404.html"]) writeFileSync(join(out, name), name);
  const server = await serveSite({ out });
  onTestFinished(() => server.close());
  const { hostname, port } = new URL(server.url);
  const statusOf = (path: string) =>
    new Promise((resolve, reject) => {
      request({ hostname, port, path }, (response) => resolve(response.resume().statusCode))
        .on("error", reject)
        .end();
    });
  expect(await statusOf("/")).toBe(200);
  for (const path of ["/%", "//", "/%00", "/..%2f..%2fetc/passwd"]) expect(await statusOf(path)).toBe(404);
  expect(await statusOf("/index.html")).toBe(200);
});
