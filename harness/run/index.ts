export { type Ask, compileRequests, type RequestBuilder } from "./build-request.ts";
export { harnessVersion, readEnvironment } from "./environment.ts";
export { type Estimate, estimate } from "./estimate.ts";
export type { SampleEvent, Stopped } from "./execute.ts";
export { type Planned, planRequests } from "./plan.ts";
export { type ModelIdentity, openTaskData, type Prepared, type PrepareOptions, prepare } from "./prepare.ts";
export { rescore, type ScoreChange } from "./rescore.ts";
export { type RunOptions, type RunResult, runTask } from "./run-task.ts";
export type { Grade } from "./score-sample.ts";
