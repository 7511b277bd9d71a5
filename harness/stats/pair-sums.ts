/**
 * All that a cluster-robust t test of a pair needs, in sums over units g (clusters, else rows): D_g is the unit's
 * difference added up, n_g its rows. Rows that either model lacks are left out.
 */
export interface PairSums {
  rows: number;
  units: number;
  /** Σ D_g */
  total: number;
  /** Σ D_g² */
  squares: number;
  /** Σ n_g·D_g */
  weighted: number;
  /** Σ n_g² */
  sizeSquares: number;
}

/** Which unit each row belongs to, and how many rows each unit has. */
export interface Units {
  indexes: Int32Array;
  sizes: Float64Array;
  /** Σ n_g² */
  sizeSquares: number;
}

/** A model's scores, and what of them is the same in every pair. */
export interface UnitScores {
  /** By row; NaN is missing. */
  values: Float64Array;
  /** By unit, over the rows that are there. */
  sums: Float64Array;
  total: number;
  /** Rows that are there. */
  rows: number;
  /** Σ n_g · sum_g */
  weighted: number;
}

/** Adds up a model's scores by unit. */
export function unitScores(list: ArrayLike<number>, units: Units): UnitScores {
  const values = Float64Array.from(list);
  const sums = new Float64Array(units.sizes.length);
  let [total, rows, weighted] = [0, 0, 0];
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) throw new RangeError(`Scores must be finite numbers, but number ${row} is ${value}.`);
    sums[units.indexes[row]!]! += value;
    total += value;
    rows++;
  }
  for (let unit = 0; unit < sums.length; unit++) weighted += units.sizes[unit]! * sums[unit]!;
  return { values, sums, total, rows, weighted };
}

/** The sums of a pair: in one pass over units where both models have all rows, else row by row. */
export function pairSums(first: UnitScores, second: UnitScores, units: Units): PairSums {
  const rows = units.indexes.length;
  if (first.rows !== rows || second.rows !== rows) {
    return units.sizes.length === rows ? sumsOfCommonRows(first, second) : sumsOfCommonClusters(first, second, units);
  }
  return {
    rows,
    units: units.sizes.length,
    total: first.total - second.total,
    squares: squaredDistance(first.sums, second.sums),
    weighted: first.weighted - second.weighted,
    sizeSquares: units.sizeSquares,
  };
}

/** Σ (a − b)². Four sums side by side, because an addition that waits for the one before it takes four times as long. */
function squaredDistance(a: Float64Array, b: Float64Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  const whole = a.length - (a.length % 4);
  for (let unit = 0; unit < whole; unit += 4) {
    first += (a[unit]! - b[unit]!) ** 2;
    second += (a[unit + 1]! - b[unit + 1]!) ** 2;
    third += (a[unit + 2]! - b[unit + 2]!) ** 2;
    fourth += (a[unit + 3]! - b[unit + 3]!) ** 2;
  }
  for (let unit = whole; unit < a.length; unit++) first += (a[unit]! - b[unit]!) ** 2;
  return first + second + (third + fourth);
}

/** Rows are units of their own. */
function sumsOfCommonRows(first: UnitScores, second: UnitScores): PairSums {
  let [rows, total, squares] = [0, 0, 0];
  for (let row = 0; row < first.values.length; row++) {
    const difference = first.values[row]! - second.values[row]!;
    if (Number.isNaN(difference)) continue;
    rows++;
    total += difference;
    squares += difference * difference;
  }
  return { rows, units: rows, total, squares, weighted: total, sizeSquares: rows };
}

function sumsOfCommonClusters(first: UnitScores, second: UnitScores, { indexes, sizes: { length } }: Units): PairSums {
  const differences = new Float64Array(length);
  const sizes = new Float64Array(length);
  for (let row = 0; row < indexes.length; row++) {
    const difference = first.values[row]! - second.values[row]!;
    if (Number.isNaN(difference)) continue;
    differences[indexes[row]!]! += difference;
    sizes[indexes[row]!]! += 1;
  }
  let [rows, units, total, squares, weighted, sizeSquares] = [0, 0, 0, 0, 0, 0];
  for (let unit = 0; unit < length; unit++) {
    const [difference, size] = [differences[unit]!, sizes[unit]!];
    if (size === 0) continue;
    rows += size;
    units++;
    total += difference;
    squares += difference ** 2;
    weighted += size * difference;
    sizeSquares += size ** 2;
  }
  return { rows, units, total, squares, weighted, sizeSquares };
}
