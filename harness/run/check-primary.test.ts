import { expect, test } from "vitest";
import { checkPrimary } from "./check-primary.ts";
import { resolveFixture } from "./testing/fixture-task.ts";

test("the leading score is one that the protocol computes", () => {
  const { protocol } = resolveFixture("gsm8k@lm-eval");
  const leading = (primary: { metric: string; filter?: string }) => () => checkPrimary({ ...protocol, primary });
  expect(leading({ metric: "exact_match" })).not.toThrow();
  expect(leading({ metric: "exact_match", filter: "flexible-extract" })).not.toThrow();
  expect(leading({ metric: "exact_match", filter: "flexible" })).toThrow(/no filter "flexible"/);
  expect(leading({ metric: "exact_mtach" })).toThrow(
    expect.objectContaining({
      code: "PRIMARY_UNKNOWN",
      fix: 'Did you mean "exact_match"? It has: exact_match.',
    }),
  );
});

test("log-likelihoods are read by no filter", () => {
  const { protocol } = resolveFixture("lambada@lm-eval");
  const [metric] = protocol.metrics;
  const named = metric?.id ?? metric?.metric ?? "";
  expect(() => checkPrimary({ ...protocol, primary: { metric: named, filter: "none" } })).not.toThrow();
  expect(() => checkPrimary({ ...protocol, primary: { metric: named, filter: "strict" } })).toThrow(/no filter/);
});
