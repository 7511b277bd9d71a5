import type { TestStatus } from "./log-parsers.ts";
import type { TestCounts } from "./repository-job.ts";

type Results = ReadonlyMap<string, TestStatus>;

/** Whether the tests of a job passed by upstream's rule. */
export interface Judged {
  resolved: boolean;
  failToPass: TestCounts;
  passToPass: TestCounts;
}

/**
 * SWE-bench's rule over the results of a run: a test to be mended passes as PASSED or XFAIL, one to be kept also as SKIPPED.
 * A test that the log doesn't name has failed. Data sets hold some parametrised names cut short: such a name stands for the
 * one test that starts with it.
 */
export function judgeResults(
  results: Results,
  tests: { failToPass: readonly string[]; passToPass: readonly string[] },
): Judged {
  const failToPass = count(results, tests.failToPass, ["PASSED", "XFAIL"]);
  const passToPass = count(results, tests.passToPass, ["PASSED", "XFAIL", "SKIPPED"]);
  return { resolved: failToPass.failed.length + passToPass.failed.length === 0, failToPass, passToPass };
}

function count(results: Results, tests: readonly string[], good: readonly TestStatus[]): TestCounts {
  const failed = tests.filter((test) => {
    const status = statusOf(results, test);
    return status === undefined || !good.includes(status);
  });
  return { passed: tests.length - failed.length, failed };
}

function statusOf(results: Results, test: string): TestStatus | undefined {
  const exact = results.get(test);
  if (exact !== undefined || !test.includes("[") || test.endsWith("]")) return exact;
  const found = [...results].filter(([name]) => name.startsWith(test));
  return found.length === 1 ? found[0]?.[1] : undefined;
}
