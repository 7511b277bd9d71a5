import { diffLines, foldEqual } from "./diff-lines.ts";
import { labelWidth, type ShownParts } from "./show-text.ts";

/** Equal lines shown around a difference of two prompts. */
const around = 2;

/**
 * What differs between two protocols for one item: the conditions first, then the prompt, `-` left and `+` right.
 *
 * @param differences - paths in which the setups differ so that scores can't be compared; empty: they share a column
 */
export function showDiff(left: ShownParts, right: ShownParts, differences: readonly string[]): string {
  const width = Math.max(left.name.length, right.name.length) + 2;
  const head = [`- ${left.name.padEnd(width)}${left.title}`, `+ ${right.name.padEnd(width)}${right.title}`];
  const items = left.item === right.item ? [`  ${left.item}`] : [`- ${left.item}`, `+ ${right.item}`];
  const prompt = foldEqual(diffLines(left.request, right.request), around);
  const isEqual = prompt.every((line) => line.startsWith(" "));
  return [
    ...head,
    ...items,
    "",
    ...fieldDiff([...left.origin, ...left.conditions], [...right.origin, ...right.conditions]),
    "",
    ...(isEqual ? ["The requests are equal, byte for byte."] : prompt),
    "",
    comparability(differences),
  ].join("\n");
}

function comparability(differences: readonly string[]): string {
  if (differences.length === 0)
    return "Scores under the two may share a column: they differ in nothing that decides one.";
  return `Scores under the two can't share a column. They differ in ${differences.join(", ")}.`;
}

/** Values by label; those that are equal on both sides are named only. */
function fieldDiff(left: ShownParts["conditions"], right: ShownParts["conditions"]): string[] {
  const labels = [...new Set([...left, ...right].map(([label]) => label))];
  const equal: string[] = [];
  const lines = labels.flatMap((label) => {
    const [mine, theirs] = [valuesOf(left, label), valuesOf(right, label)];
    const both = new Set(mine.filter((value) => theirs.includes(value)));
    const differing = [
      ...mine.filter((value) => !both.has(value)).map((value) => `- ${value}`),
      ...theirs.filter((value) => !both.has(value)).map((value) => `+ ${value}`),
    ];
    if (differing.length === 0) equal.push(label);
    return differing.map((line, index) => `  ${(index === 0 ? label : "").padEnd(labelWidth)}${line}`);
  });
  return equal.length === 0 ? lines : [...lines, `  ${"equal".padEnd(labelWidth)}  ${equal.join(", ")}`];
}

function valuesOf(conditions: ShownParts["conditions"], label: string): string[] {
  return conditions.filter(([name]) => name === label).map(([, value]) => value);
}
