import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { benjaminiHochberg, holm } from "./adjust-p.ts";
import { equivalenceP } from "./equivalence.ts";

/** The example of Benjamini & Hochberg 1995. */
const published = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
];
const holmPublished = [0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278, 0.3213, 1, 1, 1, 1, 1, 1];
const bhPublished = [
  0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.063857, 0.063857, 0.0645, 0.0765, 0.486, 0.581182, 0.714875, 0.753231,
  0.813214, 1,
];

const close = (left: Float64Array, right: number[]) => {
  expect(left.length).toBe(right.length);
  for (let index = 0; index < right.length; index++) expect(left[index]).toBeCloseTo(right[index]!, 6);
};

describe("adjusted p-values", () => {
  test("are those of the 1995 paper", () => {
    close(holm(published), holmPublished);
    close(benjaminiHochberg(published), bhPublished);
    expect(holm(published).filter((p) => p <= 0.05)).toHaveLength(3);
    expect(benjaminiHochberg(published).filter((p) => p <= 0.05)).toHaveLength(4);
  });

  test("of five even steps", () => {
    close(holm([0.01, 0.02, 0.03, 0.04, 0.05]), [0.05, 0.08, 0.09, 0.09, 0.09]);
    close(benjaminiHochberg([0.01, 0.02, 0.03, 0.04, 0.05]), [0.05, 0.05, 0.05, 0.05, 0.05]);
  });

  test("never fall below the raw ones, keep their order, and Holm's are never below Benjamini and Hochberg's", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (p) => {
        const [h, bh] = [holm(p), benjaminiHochberg(p)];
        for (let i = 0; i < p.length; i++) {
          expect(bh[i]).toBeGreaterThanOrEqual(p[i]! - 1e-12);
          expect(h[i]).toBeGreaterThanOrEqual(bh[i]! - 1e-12);
          expect(h[i]).toBeLessThanOrEqual(1);
          for (let j = 0; j < i; j++) if (p[j]! < p[i]!) expect(h[j]).toBeLessThanOrEqual(h[i]!);
        }
      }),
    );
  });

  test("need p-values between 0 and 1", () => {
    expect(() => holm([0.1, 1.1])).toThrow("number 1 is 1.1");
    expect(() => benjaminiHochberg([Number.NaN])).toThrow(RangeError);
    expect(holm([])).toHaveLength(0);
  });
});

describe("equivalence", () => {
  test.each([
    [0.4, 0.5, 1.5, 0.013903],
    [1.2, 0.5, 1.5, 0.274253],
    [0.4, 1.2, 1.5, 0.179659],
  ])("a difference of %f ± %f within %f has p = %f", (difference, stderr, margin, p) => {
    expect(equivalenceP(difference, stderr, margin)).toBeCloseTo(p, 6);
    expect(equivalenceP(-difference, stderr, margin)).toBeCloseTo(p, 6);
  });

  test("needs a margin", () => {
    expect(() => equivalenceP(0, 1, 0)).toThrow(RangeError);
  });
});
