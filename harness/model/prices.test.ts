import { expect, test } from "vitest";
import { estimateCost, listPrices } from "./prices.ts";

const usage = { input: 1_000_000, output: 100_000 };

test("a list price gives the cost, with its date and source", () => {
  expect(estimateCost({ provider: "openai", name: "gpt-4o-mini" }, usage)).toEqual({
    value: 0.21,
    currency: "USD",
    basis: "list price of 2026-03, openai.com/api/pricing",
  });
});

test("every price is positive, dearer out than in, dated and sourced", () => {
  for (const [model, { input, output, date, source }] of Object.entries(listPrices)) {
    expect(model).toMatch(/^(openai|anthropic|google)\/[a-z0-9.-]+$/);
    expect(input).toBeGreaterThan(0);
    expect(output).toBeGreaterThan(input);
    expect(date).toMatch(/^20\d\d-\d\d(-\d\d)?$/);
    expect(source).toMatch(/^[a-z.]+\.(com|dev)\//);
  }
});

test.each([
  ["a model without a list price", { provider: "openai", name: "gpt-99" }, usage, /no list price/],
  [
    "a server of the user's own, whatever the name",
    { provider: "openai", name: "gpt-4o", baseUrl: "http://x/v1" },
    usage,
    /your own/,
  ],
  ["tokens that were not reported", { provider: "openai", name: "gpt-4o" }, { input: null, output: 5 }, /not reported/],
])("%s has no known cost: null, never 0", (_what, model, tokens, basis) => {
  expect(estimateCost(model, tokens)).toMatchObject({ value: null, basis: expect.stringMatching(basis) });
});

test("a price of the user's goes before the list, also for a server of their own", () => {
  const model = { provider: "openai", name: "gpt-4o", baseUrl: "http://x/v1" };
  expect(estimateCost(model, usage, { input: 1, output: 2 })).toMatchObject({
    value: 1.2,
    basis: expect.stringContaining("--price"),
  });
});
