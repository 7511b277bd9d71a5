// Property tests draw the same examples every time, so that what makes one fail is a change and not luck. To look for more:
// `ASSAY_PROPERTY_SEED=7 ASSAY_PROPERTY_RUNS=2000 npx vitest run harness/stats`.
import { configureGlobal } from "fast-check";

const { ASSAY_PROPERTY_SEED = "1", ASSAY_PROPERTY_RUNS = "100" } = process.env;
configureGlobal({ seed: Number(ASSAY_PROPERTY_SEED), numRuns: Number(ASSAY_PROPERTY_RUNS) });
