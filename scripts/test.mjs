// `npm test`: everything that must hold before a change lands, in the order of what fails fastest. Runs each step to its
// end, then says in one line what vitest counted. Plain JavaScript, so that nothing needs to be built for it.
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Tests make their folders in here, and leave many: all go with it at the end.
const scratch = mkdtempSync(join(tmpdir(), "assay-test-"));
// Some tests go in as another user.
chmodSync(scratch, 0o755);
const report = join(scratch, "report.json");
/** @type {[name: string, command: string, args: string[]][]} */
const steps = [
  ["lock file", "node", ["scripts/check-lock.mjs"]],
  ["types", "tsc", ["-p", "tsconfig.json"]],
  ["types of the site", "astro", ["check", "--root", "site"]],
  ["format and lint", "biome", ["ci", "."]],
  ["type-aware lint", "oxlint", ["--type-aware", "--deny-warnings", "harness", "sandbox", "site", "scripts"]],
  ["dead code", "knip", []],
  ["tests", "vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`]],
  ["site", "assay", ["site", "build", "--results", "results", "--out", join(scratch, "site")]],
];

/** Runs one step with its output passed through. */
function run(command, args) {
  return new Promise((resolve) => {
    const env = { ...process.env, ASTRO_TELEMETRY_DISABLED: "1", TMPDIR: scratch };
    const child = spawn(command, args, { stdio: "inherit", env });
    child.on("error", (error) => {
      console.error(String(error));
      resolve(1);
    });
    child.on("close", (code) => resolve(code ?? 1));
  });
}

function totals() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(report, "utf8"),
    );
    const brokenFiles = testResults.filter(
      (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
    );
    return {
      passed: numPassedTests,
      failed: numFailedTests + brokenFiles.length,
      skipped: numPendingTests + numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const failed = [];
for (const [name, command, args] of steps) {
  const started = performance.now();
  console.log(`\n── ${name}`);
  const code = await run(command, args);
  console.log(
    `── ${name}: ${code === 0 ? "ok" : `failed (exit ${code})`}, ${((performance.now() - started) / 1000).toFixed(1)} s`,
  );
  if (code !== 0) failed.push(name);
}
const { passed, failed: failedTests, skipped } = totals();
try {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
} catch (error) {
  console.error(`left behind: ${scratch} (${error.message})`);
}
if (failed.length > 0) console.log(`\nfailed: ${failed.join(", ")}`);
// An error outside of every test fails vitest, which counts tests only.
const stray = failed.includes("tests") && failedTests === 0 ? 1 : 0;
const failures = failedTests + stray + failed.filter((name) => name !== "tests").length;
console.log(`\n${passed} passed, ${failures} failed, ${skipped} skipped`);
process.exit(failed.length > 0 || failures > 0 ? 1 : 0);
