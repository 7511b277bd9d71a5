/** What a test runner said of a test. */
export type TestStatus = "PASSED" | "FAILED" | "SKIPPED" | "ERROR" | "XFAIL";

const statuses: readonly TestStatus[] = ["FAILED", "PASSED", "SKIPPED", "ERROR", "XFAIL"];

type Results = Map<string, TestStatus>;
type Parse = (log: string) => Results;

const words = (line: string): string[] => line.trim().split(/\s+/);

function statusAtStart(line: string): TestStatus | undefined {
  return statuses.find((status) => line.startsWith(status));
}

/** Lines of pytest's short summary: a status, a test, and for failures ` - reason`. */
function pytestWith(name: (test: string) => string, prepare: (log: string) => string = (log) => log): Parse {
  return (log) => {
    const results: Results = new Map();
    for (const line of prepare(log).split("\n")) {
      const status = statusAtStart(line);
      const [first = "", test] = words(status === "FAILED" ? line.replaceAll(" - ", " ") : line);
      if (status !== undefined && test !== undefined && first === status) results.set(name(test), status);
    }
    return results;
  };
}

const same = (test: string): string => test;

/** A parameter that is a path counts by its last part: the folder is the machine's. */
function withoutFolders(test: string): string {
  const match = /^(.*?)\[(.*)\]/.exec(test);
  const option = match?.[2] ?? "";
  if (!match || !option.startsWith("/") || option.startsWith("//") || option.includes("*")) return test;
  return `${match[1]}[/${option.split("/").at(-1)}]`;
}

const colours = /\u001b?\[\d+m|[\u0001-\u0008\u000b-\u001f]/g;

/** Newer and older pytest: the status may also stand behind the test. */
function pytestColoured(log: string): Results {
  const plain = log.replaceAll(colours, "");
  const results: Results = new Map();
  for (const line of plain.split("\n")) {
    const [test, status] = words(line);
    const known = statuses.find((entry) => entry === status);
    if (statusAtStart(line) === undefined && test !== undefined && known && line.trimEnd().endsWith(known))
      results.set(test, known);
  }
  for (const [test, status] of pytestWith(same)(plain)) results.set(test, status);
  return results;
}

/** How a line of unittest ends, first match wins. */
const djangoEnds: readonly [RegExp, TestStatus][] = [
  [/^(.*?) \.\.\. {1,2}(?:ok|OK)$/, "PASSED"],
  [/^(.*?) \.\.\. skipped\b/, "SKIPPED"],
  [/^(.*?) \.\.\. FAIL$/, "FAILED"],
  [/^(.*?) \.\.\. ERROR$/, "ERROR"],
  [/^(.*?) \.\.\. expected failure$/, "XFAIL"],
  [/^FAIL: (\S+)/, "FAILED"],
  [/^ERROR: (\S+)/, "ERROR"],
];

/** unittest's verbose lines as Django's runner prints them: `test_x (module.Class) ... ok`, with output in between or not. */
function django(log: string): Results {
  const results: Results = new Map();
  let before: string | undefined;
  for (const raw of log.split("\n")) {
    const line = raw.trim().replace(/^Applying sites\.0002_alter_domain_unique\.\.\.\s*/, "");
    const at = line.indexOf(" ... ");
    if (at >= 0) before = line.slice(0, at);
    const [end, status] = djangoEnds.find(([pattern]) => pattern.test(line)) ?? [];
    if (end !== undefined && status !== undefined) results.set(end.exec(line)?.[1] ?? "", status);
    else if (line.startsWith("ok") && before !== undefined) results.set(before, "PASSED");
  }
  return results;
}

function seaborn(log: string): Results {
  const results: Results = new Map();
  for (const line of log.split("\n")) {
    const [first = "", second = ""] = words(line);
    if (line.startsWith("FAILED")) results.set(second, "FAILED");
    else if (line.includes(" PASSED ") && second === "PASSED") results.set(first, "PASSED");
    else if (line.startsWith("PASSED")) results.set(second, "PASSED");
  }
  return results;
}

/** SymPy's own runner: `test_x ok`, `F` or `E` behind the name, and a ruled heading for each failure. */
function sympy(log: string): Results {
  const results: Results = new Map();
  for (const match of log.matchAll(/^_+ (.*)\.py:(.*) _+$/gm)) results.set(`${match[1]}.py:${match[2]}`, "FAILED");
  for (const raw of log.split("\n")) {
    const line = raw.trim();
    if (!line.startsWith("test_")) continue;
    const test = words(line)[0] ?? "";
    if (line.endsWith(" E")) results.set(test, "ERROR");
    else if (line.endsWith(" F")) results.set(test, "FAILED");
    else if (line.endsWith(" ok")) results.set(test, "PASSED");
  }
  return results;
}

const mouseButtons = (log: string): string =>
  log.replaceAll("MouseButton.LEFT", "1").replaceAll("MouseButton.RIGHT", "3");

/** Readers of the logs of SWE-bench's Python repositories. @see SWE-bench 7a21e05, swebench/harness/log_parsers */
export const logParsers = {
  pytest: pytestWith(same),
  "pytest-options": pytestWith(withoutFolders),
  "pytest-v2": pytestColoured,
  matplotlib: pytestWith(same, mouseButtons),
  django,
  seaborn,
  sympy,
} satisfies Record<string, Parse>;

export type LogParser = keyof typeof logParsers;
