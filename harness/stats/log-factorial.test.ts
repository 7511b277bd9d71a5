import { expect, test } from "vitest";
import { logBinomial, logFactorial } from "./log-factorial.ts";

test("the table and Stirling's series meet at n = 64", () => {
  expect(logFactorial(64) - logFactorial(63)).toBeCloseTo(Math.log(64), 12);
  expect(logFactorial(10_000)).toBeCloseTo(82108.92783681436, 9);
});

test("binomial coefficients come out whole", () => {
  expect(Math.exp(logBinomial(10, 3))).toBeCloseTo(120, 10);
  expect(logBinomial(5, 0)).toBe(0);
  expect(logBinomial(5, 6)).toBe(Number.NEGATIVE_INFINITY);
  expect(logBinomial(5, -1)).toBe(Number.NEGATIVE_INFINITY);
});
