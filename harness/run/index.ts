export { checkCoverage } from "./check-coverage.ts";
export { type Estimate, estimate } from "./estimate.ts";
export type { Stopped } from "./execute.ts";
export { type LintReport, lintProtocol } from "./lint/lint-protocol.ts";
export { type Grader, openGrader } from "./open-grader.ts";
export { type Planned, planRequests } from "./plan.ts";
export { openTaskData, type Prepared, prepare, withModel } from "./prepare.ts";
export { rescore, type ScoreChange } from "./rescore.ts";
export { type RunResult, runTask } from "./run-task.ts";
