import { isToolchainLanguage, type ToolchainLanguage } from "../grade/languages.ts";
import type { Job, Language } from "../job.ts";
import { SandboxUnavailable } from "../sandbox-unavailable.ts";
import type { Verdict, VerdictStatus } from "../verdict.ts";
import { CANARY } from "./canary.ts";

/** A program with the verdicts a working sandbox may give it. */
interface Expectation {
  name: string;
  code: string;
  allowed: readonly VerdictStatus[];
  /** CPU time it may take; generous where none is named, for taking memory is slow on a machine that has to find it first. */
  cpuSeconds?: number;
}

const EXPECTATIONS: readonly Expectation[] = [
  { name: "honest program", code: CANARY.code, allowed: ["passed"] },
  { name: "leaves while loading", code: "import sys\nsys.exit(0)\n", allowed: ["failed"] },
  { name: "leaves when called", code: "import os\ndef add(a, b):\n    os._exit(0)\n", allowed: ["failed"] },
  {
    name: "value that equals everything",
    code: "class Any(int):\n    def __eq__(self, other):\n        return True\ndef add(a, b):\n    return Any(7)\n",
    allowed: ["failed"],
  },
  {
    name: "endless loop",
    code: "def add(a, b):\n    while True:\n        pass\n",
    allowed: ["timeout"],
    cpuSeconds: 1,
  },
  {
    name: "memory bomb",
    code: "def add(a, b):\n    held = []\n    while True:\n        held.append(bytearray(1 << 24))\n",
    allowed: ["oom"],
  },
  {
    name: "network",
    code: "import socket\ndef add(a, b):\n    socket.socket(socket.AF_INET)\n    return a + b\n",
    allowed: ["failed"],
  },
  {
    name: "forbidden system call",
    code: "import ctypes, os\ndef add(a, b):\n    ctypes.CDLL(None).unshare(0x10000000)\n    return a + b\n",
    allowed: ["forbidden"],
  },
];

/** Programs that read 40 and print 42. */
const ANSWERS: Record<ToolchainLanguage, string> = {
  bash: "read n; echo $((n + 2))",
  cpp: "#include <iostream>\nint main() { int n; std::cin >> n; std::cout << n + 2; }",
  go: 'package main\n\nimport "fmt"\n\nfunc main() {\n\tvar n int\n\tfmt.Scan(&n)\n\tfmt.Println(n + 2)\n}\n',
  rust: 'fn main() { let mut l = String::new(); std::io::stdin().read_line(&mut l).unwrap(); println!("{}", l.trim().parse::<i32>().unwrap() + 2); }',
  java: "class Main { public static void main(String[] a) { System.out.println(new java.util.Scanner(System.in).nextInt() + 2); } }",
};
const ANSWER: Job["tests"] = { kind: "stdio", cases: [{ stdin: "40\n", stdout: "42" }] };

const REMEDY =
  "A limit or a filter of the container engine does not work here, so scores would not mean anything. Check that memory and process cgroups " +
  "are delegated (rootless engines need cgroup v2) and that system-call filters are enabled, then run `assay doctor`.";

/**
 * Runs programs whose verdicts are known. Where one differs, nothing may be scored.
 *
 * @throws {@link SandboxUnavailable} naming every check that failed.
 */
export async function selfTest(
  grade: (job: Job) => Promise<Verdict>,
  languages: readonly Language[] = [],
): Promise<void> {
  const verdicts = await Promise.all(
    EXPECTATIONS.map(async ({ name, code, allowed, cpuSeconds = 20 }) => {
      const limits = { cpuSeconds, wallSeconds: 60 };
      const { status, detail } = await grade({ ...CANARY, code, limits });
      return allowed.includes(status) ? [] : [`${name}: expected ${allowed.join(" or ")}, got ${status} (${detail})`];
    }),
  );
  const tools = languages.filter(isToolchainLanguage).map(async (language) => {
    const { status, detail } = await grade({ language, code: ANSWERS[language], tests: ANSWER });
    return status === "passed" ? [] : [`a program in ${language}: expected passed, got ${status} (${detail})`];
  });
  const wrong = [...verdicts, ...(await Promise.all(tools))].flat();
  if (wrong.length > 0) {
    throw new SandboxUnavailable({ reason: `The sandbox's self-test failed: ${wrong.join("; ")}`, remedy: REMEDY });
  }
}
