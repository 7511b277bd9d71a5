export { bundledTasks, findTask, findTasks, protocolIds, taskRoots } from "./folders.ts";
export { compileItems, type Item } from "./items.ts";
export { taskJsonSchemas } from "./json-schemas.ts";
export { type LoadedTask, loadTask, type Resolved, resolve, resolveRecorded } from "./load.ts";
export { type Flag, parseSet } from "./override.ts";
