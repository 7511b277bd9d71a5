export { canonicalJson } from "./canonical-json.ts";
export { hashOf, ListHash, sha256 } from "./hash.ts";
export { type Journal, type LinePlace, openJournal, readLines } from "./journal.ts";
export {
  clearLeftovers,
  journalFile,
  listRuns,
  makeRunFolder,
  readRun,
  readSamples,
  removeJournal,
  reopenJournal,
  runFolder,
  writeRun,
} from "./run-folder.ts";
export { lockRun } from "./run-lock.ts";
export { SampleIndex } from "./sample-index.ts";
export { comparabilityDifferences, comparableFields, hashSetup, runIdOf, type SetupDifference } from "./setup-hash.ts";
export { readShards, ShardWriter, writeWhole } from "./shards.ts";
