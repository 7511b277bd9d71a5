import { type ClusterId, clusterTotals } from "./clusters.ts";
import { pairedDifferences } from "./paired-difference.ts";
import { randomStream } from "./random.ts";

/** Up to so many clusters with a difference, all flips are tried. */
const EXACT_UNITS = 20;

/** How the flips are made. */
export interface SignFlipOptions {
  /** Needed when there are too many units to try every flip. */
  seed: number;
  /** Whole clusters are flipped. */
  clusters?: readonly ClusterId[];
  /** @default 10000 */
  replicates?: number;
}

/** A permutation test's result. */
export interface SignFlip {
  /** Two-sided. */
  p: number;
  /** Units with a difference: the only ones that say anything. */
  nonZero: number;
  method: "sign-flip-exact" | "sign-flip-monte-carlo";
}

/**
 * Sign-flip permutation test of "the two models are exchangeable on every row": exact up to 20 differing units, else
 * seeded Monte Carlo with p = (1 + extreme)/(1 + replicates).
 *
 * @returns `null` without rows
 * @throws RangeError on unequal lengths or values that are no finite numbers
 */
export function signFlip(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: SignFlipOptions,
): SignFlip | null {
  const differences = pairedDifferences(first, second);
  if (differences.length === 0) return null;
  const units = clusterTotals(differences, options.clusters).sums.filter((total) => total !== 0);
  const total = units.reduce((sum, unit) => sum + unit, 0);
  const size = units.reduce((sum, unit) => sum + Math.abs(unit), 0);
  // Sums of the same terms in another order differ in the last bits; those must count as equal.
  const extreme = Math.abs(total) - size * 1e-12;
  const nonZero = units.length;
  if (nonZero <= EXACT_UNITS) return { p: exactP(units, extreme), nonZero, method: "sign-flip-exact" };
  return { p: monteCarloP(units, extreme, options), nonZero, method: "sign-flip-monte-carlo" };
}

/** Goes through all flips in Gray code order: one sign changes at a time. */
function exactP(units: Float64Array, extreme: number): number {
  const signed = Float64Array.from(units);
  let total = signed.reduce((sum, unit) => sum + unit, 0);
  const flips = 2 ** units.length;
  let hits = 0;
  for (let flip = 1; flip <= flips; flip++) {
    if (Math.abs(total) >= extreme) hits++;
    const position = Math.min(31 - Math.clz32(flip & -flip), units.length - 1);
    if (position < 0) continue;
    total -= 2 * signed[position]!;
    signed[position]! *= -1;
  }
  return hits / flips;
}

function monteCarloP(units: Float64Array, extreme: number, options: SignFlipOptions): number {
  const random = randomStream(options.seed, "sign-flip");
  const replicates = options.replicates ?? 10_000;
  let hits = 0;
  for (let replicate = 0; replicate < replicates; replicate++) {
    let total = 0;
    let bits = 0;
    for (let unit = 0; unit < units.length; unit++) {
      if (unit % 32 === 0) bits = random.next();
      total += (bits & 1) === 1 ? units[unit]! : -units[unit]!;
      bits >>>= 1;
    }
    if (Math.abs(total) >= extreme) hits++;
  }
  return (1 + hits) / (1 + replicates);
}
