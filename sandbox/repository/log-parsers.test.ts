import { describe, expect, it } from "vitest";
import { judgeResults } from "./judge-results.ts";
import { logParsers } from "./log-parsers.ts";
import { patchFiles, strictFiles } from "./patch-files.ts";

const read = (parser: keyof typeof logParsers, log: string) => Object.fromEntries(logParsers[parser](log));

describe("a test log", () => {
  it("of pytest is read from its short summary", () => {
    const log = `tests/test_a.py ..F                 [100%]
=========== short test summary info ============
PASSED tests/test_a.py::test_one
SKIPPED [1] tests/test_a.py:9: needs a printer
FAILED tests/test_a.py::test_two - assert 1 == 2
ERROR tests/test_b.py
XFAIL tests/test_a.py::test_three - known
PASSED
1 failed, 1 passed in 0.10s`;
    expect(read("pytest", log)).toEqual({
      "tests/test_a.py::test_one": "PASSED",
      "[1]": "SKIPPED",
      "tests/test_a.py::test_two": "FAILED",
      "tests/test_b.py": "ERROR",
      "tests/test_a.py::test_three": "XFAIL",
    });
  });

  it("of pytest with parameters that are paths keeps their last part", () => {
    const log =
      "PASSED t.py::test_open[/tmp/xyz/data.bin]\nPASSED t.py::test_url[//host/a]\nFAILED t.py::test_add[1-2] - x";
    expect(read("pytest-options", log)).toEqual({
      "t.py::test_open[/data.bin]": "PASSED",
      "t.py::test_url[//host/a]": "PASSED",
      "t.py::test_add[1-2]": "FAILED",
    });
  });

  it("of pytest in colour, or with the status behind the test, is read the same", () => {
    const log =
      "\u001b[32mPASSED\u001b[0m t.py::\u001b[1mtest_a\u001b[0m\nt.py::test_b FAILED\nt.py::test_c[x] SKIPPED";
    expect(read("pytest-v2", log)).toEqual({
      "t.py::test_a": "PASSED",
      "t.py::test_b": "FAILED",
      "t.py::test_c[x]": "SKIPPED",
    });
  });

  it("of Django's runner is read from its verbose lines, the ones with output in between too", () => {
    const log = `test_add (queries.tests.Sums) ... ok
test_gone (queries.tests.Sums) ... FAIL
test_fall (queries.tests.Sums) ... ERROR
test_later (queries.tests.Sums) ... skipped 'not yet'
test_known (queries.tests.Sums) ... expected failure
test_loud (queries.tests.Sums) ... Testing against an installation
ok
ERROR: test_import (unittest.loader._FailedTest)
Ran 7 tests in 0.1s`;
    expect(read("django", log)).toEqual({
      "test_add (queries.tests.Sums)": "PASSED",
      "test_gone (queries.tests.Sums)": "FAILED",
      "test_fall (queries.tests.Sums)": "ERROR",
      "test_later (queries.tests.Sums)": "SKIPPED",
      "test_known (queries.tests.Sums)": "XFAIL",
      "test_loud (queries.tests.Sums)": "PASSED",
      test_import: "ERROR",
    });
  });

  it("of SymPy, seaborn and Matplotlib is read in the words of each", () => {
    const sympy = `test_a ok
test_b F
test_c E
________ sympy/core/tests/test_x.py:test_b ________`;
    expect(read("sympy", sympy)).toEqual({
      test_a: "PASSED",
      test_b: "FAILED",
      test_c: "ERROR",
      "sympy/core/tests/test_x.py:test_b": "FAILED",
    });
    expect(read("seaborn", "t.py::a PASSED [ 3%]\nPASSED t.py::c\nFAILED t.py::b - no")).toEqual({
      "t.py::a": "PASSED",
      "t.py::c": "PASSED",
      "t.py::b": "FAILED",
    });
    expect(read("matplotlib", "PASSED t.py::test_click[MouseButton.LEFT]")).toEqual({
      "t.py::test_click[1]": "PASSED",
    });
  });
});

describe("the rule for resolved", () => {
  const results = logParsers.pytest(
    "PASSED t::a\nSKIPPED t::b\nXFAIL t::c\nPASSED t::d[long name]\nPASSED t::e[1]\nPASSED t::e[2]",
  );
  const judge = (failToPass: string[], passToPass: string[]) => judgeResults(results, { failToPass, passToPass });

  it("takes a skip for a test that is kept, not for one that is to be mended", () => {
    expect(judge(["t::a", "t::c"], ["t::b"]).resolved).toBe(true);
    expect(judge(["t::b"], []).failToPass).toEqual({ passed: 0, failed: ["t::b"] });
  });

  it("fails a test that the log does not name", () => {
    expect(judge(["t::x"], []).resolved).toBe(false);
  });

  it("lets a name cut short stand for the one test that begins with it", () => {
    expect(judge(["t::d[long"], []).resolved).toBe(true);
    expect(judge(["t::e["], []).resolved).toBe(false);
  });
});

describe("the files of a patch", () => {
  const patch = `diff --git a/src/a.py b/src/a.py
--- a/src/a.py
+++ b/src/a.py
@@ -1 +1 @@
-x
+y
diff --git a/old.py b/tests/conftest.py
similarity index 100%
rename from old.py
rename to tests/conftest.py
`;
  it("are those of its headers, both names of a move", () => {
    expect(patchFiles(patch)).toEqual(["src/a.py", "old.py", "tests/conftest.py"]);
    expect(patchFiles("--- a/x.py\n+++ b/x.py\n")).toEqual(["x.py"]);
  });

  it("are turned down by the strict rule where they decide how tests run", () => {
    expect(strictFiles(patch, "")).toEqual(["tests/conftest.py"]);
    expect(strictFiles(patch, "diff --git a/src/a.py b/src/a.py\n")).toEqual(["src/a.py", "tests/conftest.py"]);
  });
});
