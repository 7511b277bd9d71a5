import type { Protocol } from "../contracts/index.ts";

/** How the programs or patches of a code task are judged, for a person to read; no line for other tasks. */
export function judgingLines({ execution, workspace }: Protocol): string[] {
  if (!execution) return [];
  if (execution.tests !== "repository") {
    const { tests, language, grading, cpuSeconds } = execution;
    const apart = tests === "stdio" ? "by what it prints" : tests === "exec" ? "by its exit code" : wordsFor(grading);
    return [`judged     ${language}, ${tests}, ${apart}, ${cpuSeconds} s of CPU`];
  }
  const { image, testCommand, logParser, seconds } = execution;
  const judged = `judged     by the repository's tests in ${image}: ${testCommand} (log read as ${logParser}), ${seconds} s; in-process`;
  const { readFiles, agent } = workspace ?? {};
  return [
    judged,
    ...(readFiles === undefined || agent ? [] : [`shown      files of the container under the message: ${readFiles}`]),
    ...(agent
      ? [
          `agent      shell commands in the container; at most ${agent.steps} answers, ${agent.tokens ?? "any number of"} tokens, ` +
            `${agent.seconds} s, ${agent.dollars === null ? "any cost" : `$${agent.dollars}`}; ${agent.commandSeconds} s a command`,
        ]
      : []),
  ];
}

function wordsFor(grading: "split" | "in_process"): string {
  return grading === "split" ? "apart from its tests" : "in one process with its tests (can be forged)";
}
