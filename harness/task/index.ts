export { bundledTasks, findTask, findTasks, taskRoots } from "./folders.ts";
export { compileItems, type Item } from "./items.ts";
export { taskJsonSchemas } from "./json-schemas.ts";
export { type GroupScore, lmEvalGroupScores } from "./lm-eval/group-scores.ts";
export { type LmEvalSource, lmEvalPrefix, openLmEvalSource, resolveLmEval } from "./lm-eval/resolve-lm-eval.ts";
export type { LmEvalGroup } from "./lm-eval/select.ts";
export { type LmEvalSurvey, surveyLmEval } from "./lm-eval/survey.ts";
export { type LoadedTask, loadTask, type Resolved, resolve, resolveRecorded, statedFields } from "./load.ts";
export { type Flag, parseSet } from "./override.ts";
