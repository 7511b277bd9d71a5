import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mcnemar, signTestP } from "./mcnemar.ts";
import { signFlip } from "./sign-flip.ts";
import { tangoInterval } from "./tango-interval.ts";
import { twoByTwo } from "./two-by-two.ts";

const table = (onlyFirst: number, onlySecond: number, rest = 0) => ({
  bothRight: rest,
  onlyFirst,
  onlySecond,
  bothWrong: 0,
});

describe("McNemar's test", () => {
  test.each([
    { b: 150, c: 86, exact: 3.71593614e-5, midP: 2.893389518e-5, chi: 17.355932, better: 0.99998553 },
    { b: 10, c: 2, exact: 0.03857422, midP: 0.02246094, chi: 5.333333, better: 0.98876953 },
    { b: 5, c: 5, exact: 1, midP: 1, chi: 0, better: 0.5 },
    { b: 0, c: 6, exact: 0.03125, midP: 0.015625, chi: 6, better: 0.0078125 },
    { b: 209, c: 152, exact: 0.00315066, midP: 0.00268739, chi: 9, better: 0.9986563 },
  ])("$b against $c", ({ b, c, exact, midP, chi, better }) => {
    const result = mcnemar(table(b, c, 100));
    expect(result.exact / exact).toBeCloseTo(1, 5);
    expect(result.midP / midP).toBeCloseTo(1, 5);
    expect(result.chiSquare).toBeCloseTo(chi, 6);
    expect(result.probabilityFirstBetter).toBeCloseTo(better, 7);
    expect(result.discordance).toBe((b + c) / (b + c + 100));
  });

  test.each([
    [64, 357, 3.92887471e-36],
    [76, 436, 2.891394635e-45],
  ])("keeps its digits in far tails: %i of %i", (fewer, n, p) => {
    expect(signTestP(fewer, n) / p).toBeCloseTo(1, 8);
  });

  test("no disagreement, and no rows, say nothing", () => {
    expect(mcnemar(table(0, 0, 9))).toMatchObject({ exact: 1, midP: 1, chiSquare: null, discordance: 0 });
    expect(mcnemar(table(0, 0, 9)).probabilityFirstBetter).toBeCloseTo(0.5, 12);
    expect(mcnemar(table(0, 0)).discordance).toBeNull();
  });

  test("equals the binomial tail summed term by term", () => {
    for (let n = 1; n <= 40; n++) {
      let [tail, term] = [0, 0.5 ** n];
      for (let k = 0; 2 * k < n; k++) {
        tail += term;
        term *= (n - k) / (k + 1);
        expect(signTestP(k, n)).toBeCloseTo(Math.min(1, 2 * tail), 12);
      }
    }
  });
});

describe("two-by-two table", () => {
  test("counts the four cells", () => {
    expect(twoByTwo([1, 1, 0, 0, 1], [1, 0, 1, 0, 0])).toEqual({
      bothRight: 1,
      onlyFirst: 2,
      onlySecond: 1,
      bothWrong: 1,
    });
  });

  test("takes nothing but equally long lists of 0 and 1", () => {
    expect(() => twoByTwo([0.5], [1])).toThrow("0 and 1 only");
    expect(() => twoByTwo([1], [1, 0])).toThrow("same rows");
  });
});

describe("Tango's interval", () => {
  // Ends found by an independent profile-likelihood search in Python.
  test.each([
    [12, 2, 50, 0.0611124, 0.3447087],
    [209, 152, 1319, 0.0150517, 0.0714582],
    [10, 2, 100, 0.0142965, 0.1580402],
    [0, 6, 30, -0.373057, -0.0637839],
    [3, 0, 20, -0.0352939, 0.3604189],
  ])("%i against %i of %i", (b, c, n, low, high) => {
    const interval = tangoInterval(table(b, c, n - b - c))!;
    expect(interval.low).toBeCloseTo(low, 6);
    expect(interval.high).toBeCloseTo(high, 6);
  });

  test("has width without any disagreement, and mirrors when the models are swapped", () => {
    const even = tangoInterval(table(0, 0, 30))!;
    expect(even.high).toBeGreaterThan(0.05);
    expect(even.low).toBeCloseTo(-even.high, 10);
    expect(tangoInterval(table(0, 0))).toBeNull();
    fc.assert(
      fc.property(fc.nat(50), fc.nat(50), fc.integer({ min: 1, max: 200 }), (b, c, rest) => {
        const [one, other] = [tangoInterval(table(b, c, rest))!, tangoInterval(table(c, b, rest))!];
        expect(other.low).toBeCloseTo(-one.high, 9);
        expect(one.low).toBeLessThanOrEqual((b - c) / (b + c + rest));
        expect(one.high).toBeGreaterThanOrEqual((b - c) / (b + c + rest));
      }),
    );
  });

  test("one model right everywhere, the other nowhere, ends at 1", () => {
    expect(tangoInterval(table(20, 0))).toMatchObject({ high: 1 });
    expect(tangoInterval(table(0, 20))).toMatchObject({ low: -1 });
  });
});

describe("sign flips", () => {
  const zeros = (list: number[]) => list.map(() => 0);

  test("agree with full enumeration", () => {
    const d = [0.3, -0.1, 0.2, 0.5, 0.4, -0.05, 0.1, 0.25];
    expect(signFlip(d, zeros(d), { seed: 1 })).toEqual({ p: 12 / 256, nonZero: 8, method: "sign-flip-exact" });
    const [a, b] = [
      [1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0],
      [1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1],
    ];
    expect(signFlip(a!, b!, { seed: 1 })).toMatchObject({ p: 0.625, nonZero: 4 });
  });

  test("are McNemar's exact test on right/wrong scores", () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(9), (b, c) => {
        const first = [...Array(b).fill(1), ...Array(c).fill(0)];
        const result = signFlip(
          first,
          first.map((value) => 1 - value),
          { seed: 1 },
        );
        if (b + c === 0) expect(result).toBeNull();
        else expect(result!.p).toBeCloseTo(signTestP(Math.min(b, c), b + c), 12);
      }),
    );
  });

  test("flip whole clusters", () => {
    const a = [1, 1, 1, 1, 0, 0];
    expect(signFlip(a, zeros(a), { seed: 1, clusters: ["x", "x", "y", "y", "z", "z"] })).toEqual({
      p: 0.5,
      nonZero: 2,
      method: "sign-flip-exact",
    });
  });

  test("are drawn with a seed when there are too many, close to the exact test, the same to the byte", () => {
    const first = [...Array(60).fill(1), ...Array(35).fill(0)];
    const second = first.map((value) => 1 - value);
    const result = signFlip(first, second, { seed: 3 })!;
    expect(result.method).toBe("sign-flip-monte-carlo");
    expect(result.p).toBeCloseTo(signTestP(35, 95), 2);
    expect(signFlip(first, second, { seed: 3 })).toEqual(result);
    expect(signFlip(first, second, { seed: 4 })).not.toEqual(result);
  });

  test("say nothing where the models never differ", () => {
    expect(signFlip([1, 0], [1, 0], { seed: 1 })).toMatchObject({ p: 1, nonZero: 0 });
    expect(signFlip([], [], { seed: 1 })).toBeNull();
  });
});
