export { canonicalJson } from "./canonical-json.ts";
export { type ExportFormat, exportFormats, exportRun } from "./export/export-run.ts";
export type { Exported, ExportedRun, ExportFile, Loss, Publisher } from "./export/exported.ts";
export { type ParquetColumn, ParquetTable } from "./export/parquet-table.ts";
export { hashOf, ListHash, sha256 } from "./hash.ts";
export { type Imported, importResults } from "./import/import-results.ts";
export { type Journal, type LinePlace, openJournal, readLines, splitLines } from "./journal.ts";
export { makeFolder } from "./make-folder.ts";
export {
  clearLeftovers,
  draftRun,
  journalFile,
  listRuns,
  makeRunFolder,
  parseRun,
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
export { unwritable } from "./unwritable.ts";
export { checkAgainst, readYaml, type YamlFile } from "./yaml-file.ts";
