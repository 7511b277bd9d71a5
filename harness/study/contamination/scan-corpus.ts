import type { CorpusFile } from "../../data/index.ts";
import { openDocuments } from "../../data/index.ts";
import { levels, type Sighting, VerbatimSearch } from "./find-verbatim.ts";
import { PublishedRules, type RuleCount } from "./published-rules.ts";
import { type ItemText, subjectsOf } from "./subject.ts";
import { tokenise, Vocabulary } from "./tokenise.ts";

interface Place {
  file: string;
  /** Which document of the file, from 0. */
  document: number;
}

/** Where an item was seen best. */
export interface Finding extends Omit<Sighting, "subject">, Place {
  item: string;
}

/** What was read, and what wasn't: nothing found in little says little. */
export interface Coverage {
  files: number;
  /** As stored. */
  bytes: number;
  documents: number;
  words: number;
  failed: { file: string; why: string }[];
}

/** What a scan of a corpus says of a benchmark. */
export interface Scan {
  items: number;
  /** Ids of the items that are too short to be told from chance. */
  notTestable: string[];
  findings: Finding[];
  rules: RuleCount[];
  /** Documents that hold the benchmark's canary; null: it has none. */
  canary: { documents: number; first: Place | null } | null;
  coverage: Coverage;
}

export interface ScanOptions {
  /** A string that the benchmark's makers put beside it, so that it can be found. */
  canary?: string | undefined;
  seed: number;
  onProgress?: (coverage: Coverage) => void;
}

/**
 * Looks for a benchmark's items in a corpus, one document after the other. Memory grows with the benchmark, not with the corpus.
 * A file that can't be read to its end is named, and what came before its end counts.
 */
export async function scanCorpus(
  items: readonly ItemText[],
  files: readonly CorpusFile[],
  options: ScanOptions,
): Promise<Scan> {
  const vocabulary = new Vocabulary();
  const subjects = subjectsOf(items, vocabulary);
  const compact = subjects.map(({ whole }) => vocabulary.compact(whole));
  const search = new VerbatimSearch(subjects, vocabulary.size);
  const rules = new PublishedRules(subjects, compact, options.seed);
  const best = new Map<number, Finding>();
  const coverage: Coverage = { files: 0, bytes: 0, documents: 0, words: 0, failed: [] };
  const marked: Place[] = [];
  for (const file of files) {
    try {
      for await (const { text, document, isWhole } of openDocuments(file)) {
        const words = tokenise(text);
        const numbered = vocabulary.read(words);
        rules.look(numbered, words.join(""));
        for (const { subject, ...sighting } of search.look(numbered)) {
          const finding = { item: items[subject]!.item, ...sighting, file: file.path, document };
          if (isBetter(finding, best.get(subject))) best.set(subject, finding);
        }
        if (options.canary !== undefined && text.includes(options.canary)) marked.push({ file: file.path, document });
        coverage.words += words.length;
        if (isWhole) coverage.documents += 1;
        options.onProgress?.(coverage);
      }
      coverage.files += 1;
      coverage.bytes += file.bytes;
    } catch (error) {
      coverage.failed.push({ file: file.path, why: error instanceof Error ? error.message : String(error) });
    }
  }
  const notTestable = items.filter((_, number) => !search.isTestable(number)).map(({ item }) => item);
  const findings = [...best].sort(([a], [b]) => a - b).map(([, finding]) => finding);
  const canary = options.canary === undefined ? null : { documents: documentsOf(marked), first: marked[0] ?? null };
  return { items: items.length, notTestable, findings, rules: rules.counts(), canary, coverage };
}

/** Pieces of a document overlap: what stands in both counts once. */
function documentsOf(places: readonly Place[]): number {
  return new Set(places.map(({ file, document }) => `${file}\n${document}`)).size;
}

function isBetter(finding: Finding, known: Finding | undefined): boolean {
  if (!known) return true;
  const rank = levels.indexOf(finding.level) - levels.indexOf(known.level);
  return rank < 0 || (rank === 0 && finding.coverage > known.coverage);
}
