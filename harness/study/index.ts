export { type Impact, impactOn } from "./contamination/impact.ts";
export { itemTexts } from "./contamination/item-texts.ts";
export { type Coverage, type Finding, type Scan, scanCorpus } from "./contamination/scan-corpus.ts";
export { contaminationVersion } from "./contamination/tokenise.ts";
