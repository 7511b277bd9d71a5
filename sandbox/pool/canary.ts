import type { Job, Language } from "../job.ts";

/** An honest program: where it does not pass, the sandbox is at fault. */
export const CANARY: Job = {
  language: "python",
  code: "def add(a, b):\n    return a + b\n",
  tests: { kind: "check", source: "def check(candidate):\n    assert candidate(2, 3) == 5\n", entryPoint: "add" },
};

/** Programs that end well, in the languages with tools of their own. */
const ENDING_WELL: Partial<Record<Language, string>> = {
  bash: "true\n",
  cpp: "int main() { return 0; }\n",
  go: "package main\nfunc main() {}\n",
  rust: "fn main() {}\n",
  java: "class Main { public static void main(String[] arguments) {} }\n",
};

/** An honest program in a language: a judge of JavaScript may fail where Python's works. */
export function canaryFor(language: Language): Job {
  if (language === "javascript" || language === "typescript")
    return {
      language,
      code: "const add = (a, b) => a + b;\n",
      tests: { kind: "script", source: "console.assert(add(2, 3) === 5);\n", names: ["add"] },
    };
  const code = ENDING_WELL[language];
  return code === undefined ? CANARY : { language, code, tests: { kind: "exec" } };
}
