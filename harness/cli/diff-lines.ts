/** Lines of two texts in one list: ` ` in both, `-` only left, `+` only right (longest common subsequence). */
export function diffLines(a: readonly string[], b: readonly string[]): string[] {
  const lengths = commonLengths(a, b);
  const lines: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`  ${a[i]}`);
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))) {
      lines.push(`- ${a[i]}`);
      i += 1;
    } else {
      lines.push(`+ ${b[j]}`);
      j += 1;
    }
  }
  return lines;
}

/** Leaves out what is equal on both sides, but for some lines around each difference. */
export function foldEqual(lines: readonly string[], around: number): string[] {
  const kept = lines.map((_, index) =>
    lines.slice(Math.max(0, index - around), index + around + 1).some((line) => !line.startsWith(" ")),
  );
  const folded: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const run = kept.slice(index).findIndex(Boolean);
    const length = kept[index] ? 0 : run < 0 ? lines.length - index : run;
    if (length > 1) folded.push(`  … ${length} equal lines`);
    else folded.push(lines[index] ?? "");
    index += Math.max(0, length - 1);
  }
  return folded;
}

/** `lengths[i][j]`: longest common subsequence of what follows line i on the left and line j on the right. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i] as Uint32Array;
      const next = lengths[i + 1] as Uint32Array;
      row[j] = a[i] === b[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}
