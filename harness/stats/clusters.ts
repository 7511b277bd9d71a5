/** What ties rows together: the item of an epoch, the passage of a question. Equal ids are one cluster. */
export type ClusterId = string | number;

/** Sums and sizes of each cluster, in order of first appearance. */
export interface ClusterTotals {
  sums: Float64Array;
  sizes: Float64Array;
  /** For each row, the position of its cluster in `sums` and `sizes`. */
  indexes: Int32Array;
}

/**
 * Adds up the rows of each cluster in one pass. Without cluster ids every row is its own cluster.
 *
 * @throws RangeError when there are not as many ids as values.
 */
export function clusterTotals(values: ArrayLike<number>, clusters?: readonly ClusterId[]): ClusterTotals {
  if (clusters === undefined) {
    return {
      sums: Float64Array.from(values),
      sizes: new Float64Array(values.length).fill(1),
      indexes: Int32Array.from({ length: values.length }, (_, index) => index),
    };
  }
  if (clusters.length !== values.length) {
    throw new RangeError(`${values.length} values need as many cluster ids, but there are ${clusters.length}.`);
  }
  const { indexes, count } = clusterIndexes(clusters);
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  for (let row = 0; row < values.length; row++) {
    const cluster = indexes[row]!;
    sums[cluster]! += values[row]!;
    sizes[cluster]! += 1;
  }
  return { sums, sizes, indexes };
}

/** Numbers the clusters 0, 1, 2 … by first appearance. */
export function clusterIndexes(clusters: readonly ClusterId[]): { indexes: Int32Array; count: number } {
  const seen = new Map<ClusterId, number>();
  const indexes = new Int32Array(clusters.length);
  for (let row = 0; row < clusters.length; row++) {
    const id = clusters[row]!;
    let index = seen.get(id);
    if (index === undefined) {
      index = seen.size;
      seen.set(id, index);
    }
    indexes[row] = index;
  }
  return { indexes, count: seen.size };
}
