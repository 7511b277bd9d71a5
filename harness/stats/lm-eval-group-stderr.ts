/** One leaf task of a group: its standard error and how many documents it has. */
export interface GroupMember {
  stderr: number;
  n: number;
}

/**
 * The standard error that lm-evaluation-harness prints for a group of tasks, √(pooled variance / Σ n):
 * given to compare with its output. It belongs to the size-weighted mean; for an unweighted group mean it is
 * wrong (see `macroMean`), yet lm-eval prints it there too.
 *
 * @returns `null` when there are no more documents than tasks
 * @see lm-evaluation-harness `lm_eval/api/metrics.py`, `pooled_sample_stderr`
 */
export function lmEvalGroupStderr(members: readonly GroupMember[]): number | null {
  let documents = 0;
  let squares = 0;
  for (const { stderr, n } of members) {
    documents += n;
    squares += (n - 1) * stderr ** 2 * n;
  }
  const freedom = documents - members.length;
  return freedom > 0 ? Math.sqrt(squares / freedom / documents) : null;
}
