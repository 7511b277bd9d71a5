import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { discoverEngine } from "./engine/discover.ts";
import { findImage, toolchainImage } from "./engine/images.ts";
import { type Job, openSandbox, type Sandbox, type ToolchainLanguage, UnsupportedJob } from "./index.ts";
import { engineProblem } from "./testing/engine-for-tests.ts";

const bash = (code: string, tests: Job["tests"], more: Partial<Job> = {}): Job => ({
  language: "bash",
  code,
  tests,
  limits: { cpuSeconds: 1, wallSeconds: 4 },
  ...more,
});

/** As MultiPL-E tests shell functions. */
const TESTS = {
  kind: "script",
  names: ["join"],
  source: `candidate() { join "$@"; }
set -e
run_test() {
  [[ $(candidate 1 "2 3") = "1-2 3" ]]
  [[ $(candidate "a b" "") = "a b-" ]]
  [[ $(candidate $'two\\nlines' 'é') = $'two\\nlines-é' ]]
}
run_test
`,
} as const;

const HONEST: readonly [string, string][] = [
  ["a function", 'join() { echo "$1-$2"; }'],
  [
    "a function that calls others and tools",
    'glue() { printf "%s" "$1-$2"; }\njoin() { glue "$@" | sed s/^x// | cat; }',
  ],
  [
    "a function that leaves a process behind",
    '(setsid sleep 60 >/dev/null 2>&1 &)\njoin() { sleep 60 & echo "$1-$2"; }',
  ],
];

const ATTACKS: readonly [string, string][] = [
  ["leaves while loading", "exit 0"],
  ["leaves when called", "join() { exit 0; }"],
  ["replaces itself", "exec true"],
  ["leaves through a trap", "trap 'exit 0' EXIT ERR DEBUG; join() { return 0; }"],
  [
    "redefines what the tests use",
    "run_test() { :; }; candidate() { :; }; set() { :; }; join() { :; }; export -f run_test candidate",
  ],
  ["skips commands by a debug trap", "shopt -s extdebug; trap 'return 2' DEBUG; join() { :; }"],
  [
    "writes on every descriptor",
    'join() { for fd in 3 4 5 6 7 8 9 20 21 22; do printf "0\\\\0ok\\\\0" >&$fd; done; } 2>/dev/null',
  ],
  [
    "reads scripts of others",
    'join() { cat /proc/*/fd/9 /proc/*/cmdline /proc/*/environ 2>/dev/null | grep -a -o "1-2 3"; }',
  ],
  ["kills everything", "kill -9 -1; join() { kill -9 -1; kill -9 $PPID 1 2 3; }"],
  ["prints patterns", 'join() { echo "*"; }'],
  ["prints an expression", 'join() { echo "x = x -o x"; }'],
  ["prints a substitution", "join() { echo 'a[$(kill $$)]'; }"],
  ["floods", "join() { yes; }"],
  ["sleeps", "join() { sleep 60; }"],
  ["loops", "join() { while :; do :; done; }"],
  ["forks", "join() { join & join & wait; }"],
];

describe.skipIf(engineProblem !== undefined)("shell programs", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox({ boxes: 1, selfTest: false });
  });
  afterAll(() => sandbox.close());

  for (const [name, code] of HONEST) {
    it(`pass tests that run in another shell: ${name}`, async () => {
      expect(await sandbox.grade(bash(code, TESTS))).toMatchObject({ status: "passed", grading: "split", calls: 3 });
    });
  }

  for (const [name, code] of ATTACKS) {
    it(`do not pass when the program ${name}, and the next one is judged all the same`, async () => {
      const { status } = await sandbox.grade(bash(code, TESTS));
      expect(["failed", "timeout", "crashed"]).toContain(status);
      expect(await sandbox.grade(bash(HONEST[0]?.[1] ?? "", TESTS))).toMatchObject({
        status: "passed",
        retried: false,
      });
    });
  }

  it("count the CPU time of all calls together", async () => {
    const code = 'join() { for ((i = 0; i < 600000; i++)); do :; done; echo "$1-$2"; }';
    const limits = { cpuSeconds: 1, wallSeconds: 30 };
    expect(await sandbox.grade(bash(code, TESTS, { limits }))).toMatchObject({
      status: "timeout",
      detail: "used more than 1 s of CPU",
    });
  });

  it("are judged by what they print and by how they end", async () => {
    const cases = [{ stdin: "1 2\n", stdout: "3" }];
    expect(await sandbox.grade(bash("read a b; echo $((a + b))", { kind: "stdio", cases }))).toMatchObject({
      status: "passed",
      grading: "stdio",
    });
    expect(await sandbox.grade(bash("exit 3", { kind: "exec" }))).toMatchObject({ status: "failed", exitCode: 3 });
  });

  it("are refused with tests made for another language", async () => {
    await expect(sandbox.grade(bash("", { kind: "asserts", asserts: [] }))).rejects.toThrow(UnsupportedJob);
    await expect(sandbox.grade({ ...bash("", TESTS), language: "cpp" })).rejects.toThrow(UnsupportedJob);
  });

  it("lose no box", () => {
    expect(sandbox.statistics()).toEqual({ started: 1, lost: 0 });
  });
});

/** Programs that double a number, print it wrongly, do not compile, never end, take all memory. */
const COMPILED: Record<Exclude<ToolchainLanguage, "bash">, [string, string, string, string, string]> = {
  cpp: [
    "#include <bits/stdc++.h>\nint main() { long n; std::cin >> n; std::cout << 2 * n << std::endl; }",
    '#include <cstdio>\nint main() { puts("43"); }',
    "int main() { return undefined_name; }",
    "int main() { volatile int x = 0; for (;;) ++x; }",
    "#include <cstdlib>\n#include <cstring>\nint main() { for (;;) memset(malloc(1 << 24), 1, 1 << 24); }",
  ],
  go: [
    'package main\nimport ("fmt"; "sort"; "strings")\nfunc main() {\n\tvar n int\n\tfmt.Scan(&n)\n\ts := []int{n, 0}\n\tsort.Ints(s)\n\tfmt.Println(2*s[1], strings.Repeat("", 2))\n}\n',
    'package main\nimport "fmt"\nfunc main() { fmt.Println(43) }\n',
    "package main\nfunc main() { undefined() }\n",
    "package main\nfunc main() { for {} }\n",
    "package main\nvar held [][]byte\nfunc main() { for { b := make([]byte, 1<<24); for i := range b { b[i] = 1 }; held = append(held, b) } }\n",
  ],
  rust: [
    'use std::collections::HashMap;\nfn main() { let mut l = String::new(); std::io::stdin().read_line(&mut l).unwrap(); let n: i64 = l.trim().parse().unwrap(); let m: HashMap<i64, i64> = [(n, 2 * n)].into_iter().collect(); println!("{}", m[&n]); }',
    'fn main() { println!("43"); }',
    "fn main() { undefined(); }",
    "fn main() { let mut x = 0u64; loop { x = std::hint::black_box(x + 1); } }",
    "fn main() { let mut held = Vec::new(); loop { held.push(vec![1u8; 1 << 24]); } }",
  ],
  java: [
    "import java.util.*;\npublic class Doubler { record Pair(long a, long b) {} public static void main(String[] args) { long n = new Scanner(System.in).nextLong(); System.out.println(new Pair(n, 2 * n).b()); } }",
    "class Main { public static void main(String[] args) { System.out.println(43); } }",
    "class Main { public static void main(String[] args) { undefined(); } }",
    "class Main { public static void main(String[] args) { while (true) {} } }",
    "import java.util.*;\nclass Main { public static void main(String[] args) { List<byte[]> held = new ArrayList<>(); while (true) held.add(new byte[1 << 20]); } }",
  ],
};

async function missing(language: ToolchainLanguage): Promise<boolean> {
  if (engineProblem !== undefined) return true;
  try {
    await findImage(await discoverEngine(), toolchainImage(language));
    return false;
  } catch (error) {
    console.warn(`skipped, ${(error as Error).message.split("\n")[0]}`);
    return true;
  }
}

for (const [language, programs] of Object.entries(COMPILED) as [Exclude<ToolchainLanguage, "bash">, string[]][]) {
  const [right, wrong, broken, endless, greedy] = programs as [string, string, string, string, string];
  describe.skipIf(await missing(language))(`programs in ${language}`, () => {
    let sandbox: Sandbox;
    beforeAll(async () => {
      sandbox = await openSandbox({ boxes: 1, selfTest: false, languages: [language] });
    });
    afterAll(() => sandbox.close());
    const cases = [
      { stdin: "21\n", stdout: "42" },
      { stdin: "500\n", stdout: "1000" },
    ];
    const grade = (code: string, cpuSeconds = 20) =>
      sandbox.grade({ language, code, tests: { kind: "stdio", cases }, limits: { cpuSeconds } });

    it("are built once and judged case by case", async () => {
      expect(await grade(right)).toMatchObject({ status: "passed", retried: false });
      expect(await grade(wrong)).toMatchObject({ status: "failed", detail: "case 1: wrong output" });
    });

    it("fail where they do not compile, with the compiler's words", async () => {
      const verdict = await grade(broken);
      expect(verdict).toMatchObject({ status: "failed", stage: "load" });
      expect(verdict.detail).toMatch(/undefined|cannot find symbol/);
    });

    it("are ended when they use too much time or memory", async () => {
      expect(await grade(endless, 1)).toMatchObject({ status: "timeout", stage: "run" });
      const { status } = await grade(greedy);
      expect(["oom", "failed"]).toContain(status);
      expect(await grade(right)).toMatchObject({ status: "passed", retried: false });
    });
  });
}
