import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSandbox, type Sandbox } from "../index.ts";
import { engineProblem } from "../testing/engine-for-tests.ts";
import { canaryFor } from "./canary.ts";

describe.skipIf(engineProblem !== undefined)("the honest program", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ boxes: 1, selfTest: false });
  });
  afterAll(() => sandbox?.close());

  it.each(["python", "javascript", "typescript", "bash"] as const)("passes in %s", async (language) => {
    expect(await sandbox.grade(canaryFor(language))).toMatchObject({ status: "passed", detail: "", retried: false });
  });
});
