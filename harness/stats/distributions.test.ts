import { describe, expect, test } from "vitest";
import { betaCdf, betaQuantile, normalCdf, normalQuantile, tQuantile, tTwoSided } from "./distributions.ts";

// Reference values from scipy 1.17.
describe("quantiles", () => {
  test.each([
    [0.975, 1.959963984540054],
    [0.8, 0.8416212335729143],
    [1e-10, -6.361340902404056],
    [1 - 1e-6, 4.753424308817087],
  ])("the normal quantile of %f is %f", (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 8);
    expect(normalCdf(z)).toBeCloseTo(p, 12);
  });

  test.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 4, 2.7764451051977934],
    [0.9999, 29, 4.253894118432321],
    [0.975, 1318, 1.9617655127673146],
    [0.9999, 1318, 3.7295051301987807],
    [0.975, 100_000, 1.9599877075346095],
  ])("t's %f quantile with %i degrees of freedom is %f", (p, df, t) => {
    expect(tQuantile(p, df) / t).toBeCloseTo(1, 7);
    expect(tTwoSided(t, df)).toBeCloseTo(2 * (1 - p), 7);
  });

  test("the series and jstat agree where they meet", () => {
    expect(tQuantile(0.975, 1000)).toBeCloseTo(tQuantile(0.975, 999.999), 6);
  });

  test.each([
    [0.025, 1, 10, 0.0025285785444617848],
    [0.975, 441, 879, 0.35975938769729754],
    [0.025, 4681, 9362, 0.3255595152537902],
  ])("beta's %f quantile for %i and %i is %f", (p, a, b, x) => {
    expect(betaQuantile(p, a, b) / x).toBeCloseTo(1, 7);
    expect(betaCdf(x, a, b)).toBeCloseTo(p, 7);
  });

  test("a t of zero is no evidence", () => {
    expect(tTwoSided(0, 5)).toBe(1);
  });
});
