import { commonCount, countNgrams } from "./count-ngrams.ts";

export type RougeType = "rouge1" | "rouge2" | "rougeL" | "rougeLsum";

/**
 * F of ROUGE of one text against one reference, from 0 to 1, without stemming. `rougeLsum` takes lines as sentences and
 * counts the union of their longest common subsequences.
 *
 * @see https://github.com/google-research/google-research/blob/master/rouge/rouge_scorer.py
 */
export function rouge(type: RougeType, candidate: string, reference: string): number {
  if (type === "rougeLsum") return summaryLevel(sentences(candidate), sentences(reference));
  const [given, right] = [tokens(candidate), tokens(reference)];
  if (type === "rougeL") return fMeasure(commonPositions(right, given).length, given.length, right.length);
  const order = type === "rouge1" ? 1 : 2;
  const common = commonCount(countNgrams(given, order), countNgrams(right, order));
  return fMeasure(common, given.length - order + 1, right.length - order + 1);
}

function tokens(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((token) => token !== "");
}

function sentences(text: string): string[][] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map(tokens);
}

function fMeasure(common: number, given: number, right: number): number {
  if (common === 0) return 0;
  const [precision, recall] = [common / given, common / right];
  return (2 * precision * recall) / (precision + recall);
}

/** Positions in `right` of one longest common subsequence; of several, the one that the original's backtracking finds. */
function commonPositions(right: readonly string[], given: readonly string[]): number[] {
  const lengths = [new Int32Array(given.length + 1)];
  for (let row = 1; row <= right.length; row += 1) {
    const above = lengths[row - 1]!;
    const line = new Int32Array(given.length + 1);
    for (let column = 1; column <= given.length; column += 1)
      line[column] =
        right[row - 1] === given[column - 1] ? above[column - 1]! + 1 : Math.max(above[column]!, line[column - 1]!);
    lengths.push(line);
  }
  const positions: number[] = [];
  let [row, column] = [right.length, given.length];
  while (row > 0 && column > 0) {
    if (right[row - 1] === given[column - 1]) {
      row -= 1;
      column -= 1;
      positions.push(row);
    } else if (lengths[row]![column - 1]! > lengths[row - 1]![column]!) column -= 1;
    else row -= 1;
  }
  return positions.reverse();
}

function summaryLevel(given: readonly string[][], right: readonly string[][]): number {
  const left = countNgrams(given.flat(), 1);
  const wanted = countNgrams(right.flat(), 1);
  let hits = 0;
  for (const sentence of right) {
    const positions = new Set(given.flatMap((other) => commonPositions(sentence, other)));
    for (const position of positions) {
      const token = sentence[position]!;
      if ((left.get(token) ?? 0) <= 0 || (wanted.get(token) ?? 0) <= 0) continue;
      hits += 1;
      left.set(token, left.get(token)! - 1);
      wanted.set(token, wanted.get(token)! - 1);
    }
  }
  return fMeasure(hits, given.flat().length, right.flat().length);
}
