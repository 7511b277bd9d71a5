import { type LogParser, logParsers, type Repositories, type RepositoryJob } from "@assay/sandbox";
import { InputError, type JsonObject, nearestName, type RepositoryExecution } from "../contracts/index.ts";
import { compileTemplate } from "../prompt/index.ts";
import type { Grade } from "./score-sample.ts";
import { instanceOf } from "./workplace.ts";

/** Judges patches; the verdict tells upstream's rule (`passed`) and the strict one (`strict`) apart. */
export function gradeRepositoryWith(repositories: Repositories, execution: RepositoryExecution): Grade {
  return async (patch, { scoring }) => {
    const verdict = await repositories.grade(jobOf(execution, patch, scoring.extra));
    return { ...(JSON.parse(JSON.stringify(verdict)) as JsonObject), passed: verdict.passed, message: verdict.detail };
  };
}

function jobOf(execution: RepositoryExecution, patch: string, document: JsonObject): RepositoryJob {
  const text = (source: string) => compileTemplate(source).render(document);
  const list = (source: string) => {
    const value = compileTemplate(source).evaluate(document);
    return (typeof value === "string" ? JSON.parse(value) : value) as string[];
  };
  return {
    ...instanceOf(execution, document),
    patch,
    baseCommit: text(execution.baseCommit),
    testPatch: text(execution.testPatch),
    testCommand: text(execution.testCommand),
    logParser: logParserOf(text(execution.logParser)),
    failToPass: list(execution.failToPass),
    passToPass: list(execution.passToPass),
    seconds: execution.seconds,
  };
}

function logParserOf(name: string): LogParser {
  if (Object.hasOwn(logParsers, name)) return name as LogParser;
  const known = Object.keys(logParsers);
  throw new InputError({
    code: "LOG_PARSER_UNKNOWN",
    what: `There is no reader of test logs called "${name}".`,
    fix: `Did you mean "${nearestName(name, known) ?? known[0]}"? There are: ${known.join(", ")}.`,
  });
}
