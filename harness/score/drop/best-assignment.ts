/**
 * Assigns each row a column of its own so that the sum of the scores is as large as it can be (the Hungarian algorithm with
 * potentials, O(n³)).
 *
 * @param scores - rows of equal length
 * @returns the column of each row, −1 for rows that got none because there are more rows than columns
 */
export function bestAssignment(scores: readonly (readonly number[])[]): number[] {
  const size = Math.max(scores.length, scores[0]?.length ?? 0);
  const cost = (row: number, column: number) => -(scores[row]?.[column] ?? 0);
  const rowPotential = new Float64Array(size + 1);
  const columnPotential = new Float64Array(size + 1);
  const rowOf = new Int32Array(size + 1).fill(-1);
  for (let row = 0; row < size; row += 1) {
    const previous = new Int32Array(size + 1).fill(size);
    const slack = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
    const visited = new Uint8Array(size + 1);
    let column = size;
    rowOf[size] = row;
    do {
      visited[column] = 1;
      const current = rowOf[column]!;
      const next = relax({ current, column, size, cost, rowPotential, columnPotential, previous, slack, visited });
      for (let other = 0; other <= size; other += 1) {
        if (visited[other]) {
          rowPotential[rowOf[other]!]! += next.delta;
          columnPotential[other]! -= next.delta;
        } else slack[other]! -= next.delta;
      }
      column = next.column;
    } while (rowOf[column] !== -1);
    while (column !== size) {
      rowOf[column] = rowOf[previous[column]!]!;
      column = previous[column]!;
    }
  }
  const columns = scores.map(() => -1);
  for (let column = 0; column < (scores[0]?.length ?? 0); column += 1) {
    const row = rowOf[column]!;
    if (row < scores.length) columns[row] = column;
  }
  return columns;
}

interface Step {
  current: number;
  column: number;
  size: number;
  cost: (row: number, column: number) => number;
  rowPotential: Float64Array;
  columnPotential: Float64Array;
  previous: Int32Array;
  slack: Float64Array;
  visited: Uint8Array;
}

/** The free column that is cheapest to reach next, and by how much the potentials move. */
function relax({ current, column, size, cost, ...state }: Step): { column: number; delta: number } {
  let best = { column: size, delta: Number.POSITIVE_INFINITY };
  for (let other = 0; other < size; other += 1) {
    if (state.visited[other]) continue;
    const reduced = cost(current, other) - state.rowPotential[current]! - state.columnPotential[other]!;
    if (reduced < state.slack[other]!) {
      state.slack[other] = reduced;
      state.previous[other] = column;
    }
    if (state.slack[other]! < best.delta) best = { column: other, delta: state.slack[other]! };
  }
  return best;
}
