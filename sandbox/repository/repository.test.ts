import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { discoverEngine } from "../engine/discover.ts";
import { engineProblem } from "../testing/engine-for-tests.ts";
import {
  buildRepositoryImage,
  gitProblem,
  hiddenTests,
  mended,
  type RepositoryImage,
} from "../testing/repository-image.ts";
import { openRepositories, type Repositories } from "./open-repositories.ts";
import type { RepositoryJob, RepositoryVerdict } from "./repository-job.ts";

describe.skipIf(engineProblem !== undefined || gitProblem !== undefined)("a patch of a repository", () => {
  let repositories: Repositories;
  let built: RepositoryImage;
  let testPatch: string;
  beforeAll(async () => {
    repositories = await openRepositories({ atOnce: 2 });
    built = await buildRepositoryImage();
    testPatch = built.diff(hiddenTests);
  });
  afterAll(async () => {
    await built?.remove();
  });

  const border = "test_border (tests.test_postage.PostageTest.test_border)";
  const inside = "test_inside (tests.test_postage.PostageTest.test_inside)";
  const count = "test_count (tests.test_sheet.SheetTest.test_count)";

  async function grade(patch: string, changed: Partial<RepositoryJob> = {}): Promise<RepositoryVerdict> {
    const { image, baseCommit } = built;
    const where = { image, folder: "/testbed", prepare: "export TZ=UTC", baseCommit, testPatch };
    const how = { testCommand: "python3 -m unittest -v", logParser: "django", seconds: 30 } as const;
    return repositories.grade({
      ...where,
      ...how,
      patch,
      failToPass: [border],
      passToPass: [inside, count],
      ...changed,
    });
  }

  it("that mends it is resolved under both rules, with its tests counted", async () => {
    expect(await grade(built.diff(mended))).toMatchObject({
      status: "passed",
      passed: true,
      strict: true,
      grading: "in_process",
      appliedBy: "git apply --verbose",
      failToPass: { passed: 1, failed: [] },
      passToPass: { passed: 2, failed: [] },
      exitCode: 0,
      detail: "",
    });
  });

  it("that mends nothing is not resolved, and the verdict names the tests", async () => {
    const verdict = await grade(built.diff({ "stamps/notes.py": "# nothing\n" }));
    expect(verdict).toMatchObject({ status: "failed", passed: false, strict: false, exitCode: 1 });
    expect(verdict.failToPass).toEqual({ passed: 0, failed: [border] });
    expect(verdict.stdout.text).toContain("AssertionError");
  });

  it("that breaks what worked is not resolved", async () => {
    const patch = built.diff({ ...mended, "stamps/sheet.py": "def sheet(rows, columns):\n    return 0\n" });
    expect(await grade(patch)).toMatchObject({ status: "failed", passToPass: { passed: 1, failed: [count] } });
  });

  it("that is empty or no patch at all fails, and is no fault of the sandbox", async () => {
    expect(await grade("\n")).toMatchObject({ status: "failed", stage: "patch", detail: "the patch is empty" });
    expect(await grade("I would change the comparison.")).toMatchObject({ status: "failed", stage: "patch" });
  });

  it("cannot change the tests that judge it", async () => {
    const patch = built.diff({ "tests/test_postage.py": "import unittest\n" });
    expect(await grade(patch)).toMatchObject({ status: "failed", failToPass: { failed: [border] } });
  });

  it("that ends the suite early has passed nothing", async () => {
    const quit = "import os\nos._exit(0)\n";
    expect(await grade(built.diff({ "stamps/__init__.py": quit }))).toMatchObject({
      status: "failed",
      detail: "the log names no test",
    });
  });

  it("that forges results is caught by the strict rule where upstream's believes it", async () => {
    const forge = `import unittest
unittest.TestCase.assertEqual = lambda *_, **__: None
`;
    const patch = built.diff({ "tests/__init__.py": "", "sitecustomize.py": forge });
    expect(await grade(patch, { prepare: "export PYTHONPATH=/testbed" })).toMatchObject({
      status: "passed",
      passed: true,
      strict: false,
      strictFiles: ["sitecustomize.py"],
    });
  });

  it("that never ends is stopped", async () => {
    const patch = built.diff({ "stamps/postage.py": "while True:\n    pass\n" });
    expect(await grade(patch, { seconds: 2 })).toMatchObject({ status: "timeout", passed: false, exitCode: null });
  });

  it("that stops the clock which would end it is timed out all the same", async () => {
    const stop = "import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nos.kill(-os.getpgrp(), signal.SIGSTOP)\n";
    const patch = built.diff({ "stamps/postage.py": stop });
    expect(await grade(patch, { seconds: 1 })).toMatchObject({ status: "timeout", passed: false });
  });

  it("has no network, and as root no way to mount", async () => {
    const probe = "import socket, subprocess\nsocket.create_connection(('1.1.1.1', 53), 2)\n";
    const verdict = await grade(built.diff({ "stamps/postage.py": probe }));
    expect(verdict.stdout.text).toMatch(/Network is unreachable/);
    const mounting = await grade(built.diff(mended), { testCommand: "mount -t tmpfs none /mnt" });
    expect(mounting).toMatchObject({ status: "failed" });
    expect(mounting.stdout.text).toMatch(/permission denied|must be superuser|not permitted/i);
  });

  it("is not judged where the image is missing or the tests' own patch does not apply", async () => {
    const patch = built.diff(mended);
    const missing = await grade(patch, { image: "assay-no-such-image:1" });
    expect(missing).toMatchObject({ status: "sandbox_error", passed: null, strict: null, stage: "image" });
    expect(missing.detail).toContain("docker pull assay-no-such-image:1");
    expect(await repositories.refusal({ image: built.image })).toBeNull();
    const broken = await grade(patch, { testPatch: testPatch.replace("@@ -0,0", "@@ -9,9") });
    expect(broken).toMatchObject({ status: "sandbox_error", passed: null });
  });

  it("runs on nowhere when the harness is killed", async () => {
    const script = new URL("../testing/workspace-harness.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [script, built.image], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    const { docker } = await discoverEngine();
    const running = () => docker.listContainers({ filters: { ancestor: [built.image] } });
    expect(await running()).toHaveLength(1);
    child.kill("SIGKILL");
    await expect.poll(running).toEqual([]);
    // What is left of it goes when the next harness opens.
    await openRepositories();
  });

  it("leaves no container behind", async () => {
    const { docker } = await discoverEngine();
    const left = await docker.listContainers({ all: true, filters: { ancestor: [built.image] } });
    expect(left).toEqual([]);
  });

  it("can be made in a workspace that has forgotten later commits", async () => {
    const workspace = await repositories.workspace({ image: built.image, folder: "/testbed", prepare: "" });
    try {
      expect((await workspace.run("git log --all --oneline | wc -l", { seconds: 10 })).output.trim()).toBe("1");
      await workspace.run("sed -i 's/grams </grams <=/' stamps/postage.py; echo new > note.txt", { seconds: 10 });
      const diff = await workspace.diff();
      expect(diff).toContain("note.txt");
      expect(await grade(diff)).toMatchObject({ status: "passed", strict: true });
      const long = await workspace.run("yes | head -c 5000000", { seconds: 20, outputBytes: 1000 });
      expect(long).toMatchObject({ truncated: true, bytes: 5_000_000, exitCode: 0 });
      expect(long.output.length).toBeLessThan(1100);
      expect(await workspace.run("sleep 30", { seconds: 1 })).toMatchObject({ exitCode: null });
    } finally {
      await workspace.close();
    }
  });
});
