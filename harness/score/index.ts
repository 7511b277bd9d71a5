export { compileMetric, type Metric, type ScoreInput } from "./metric.ts";

/** Raised whenever the same answer would get another value. */
export const scoreVersion = 4;
