import { expect, test } from "vitest";
import { writeToyTask } from "../run/testing/toy-task.ts";
import { foldEqual } from "./diff-lines.ts";
import { assay } from "./testing/command.ts";

const tasks = writeToyTask();
const show = (...args: string[]) => assay("show", ...args, "--tasks", tasks);

test("an item is shown as it is sent, with how the answer is read and counted", async () => {
  const { code, out } = await show("toy", "--item", "3");
  expect(code).toBe(0);
  expect(out).toMatchInlineSnapshot(`
    "toy@chat  item test/3  (parity odd)
    protocol   zero-shot chat
    source     Assay 1

    ── user
    What is 6 + 7?

    asked      the model writes; chat
    stop       "Q:"
    sent with  maxTokens 50, temperature 0
    samples    one an item
    shots      none
    target     "13"
    read       strict: regex /answer is (-?[0-9]+)/ take="first"
    read       flexible: number take="last"
    metrics    exact_match
    leading    exact_match under strict, micro average
    counted    unparsed wrong, cut off wrong, refused wrong; errors never
    "
  `);
});

test("two protocols side by side: what differs in the conditions, then in the prompt, then whether scores compare", async () => {
  const { out } = await show("toy", "--diff", "toy@letters", "--item", "test/0");
  expect(out).toMatchInlineSnapshot(`
    "- toy@chat     zero-shot chat
    + toy@letters  few-shot log-likelihood
      item test/0  (parity even)

      asked      - the model writes; chat
                 + log-likelihoods of the continuations are compared; text
      stop       - "Q:"
      sent with  - maxTokens 50, temperature 0
      shots      - none
                 + 2 (random, seed 7): train/5, train/2
      target     - "4"
                 + 0
      read       - strict: regex /answer is (-?[0-9]+)/ take="first"
                 - flexible: number take="last"
      metrics    - exact_match
                 + acc
      leading    - exact_match under strict, micro average
                 + acc, micro average
      choices    + "4", "5"
      equal        source, samples, counted

    - ── user
    - What is 3 + 1?
    + ── prompt
    + 1005 + 11 = 1016⏎
    + ⏎
    + 1002 + 5 = 1007⏎
    + ⏎
    + 3 + 1 =
    + ── continuation ▷·4◁
    + ── continuation ▷·5◁

    Scores under the two can't share a column. They differ in shotPool, protocol.method, protocol.layout, protocol.question, protocol.shots.count, protocol.shots.sampler, protocol.shots.seed, protocol.shots.split, protocol.generate.maxTokens, protocol.generate.temperature, protocol.generate.stop, protocol.extract, protocol.metrics, protocol.primary.metric, protocol.primary.filter, protocol.macroOver, protocol.choices, protocol.target, chatTemplate.
    "
  `);
});

test("an override is shown, and leaves the request equal byte for byte", async () => {
  const { out } = await show("toy", "--diff", "toy@chat", "--set", "average=macro");
  expect(out).toContain("The requests are equal, byte for byte.");
  expect(out).toContain("may share a column");
});

test("as JSON, with the fields in which scores can't be compared", async () => {
  const { out } = await show("toy", "--diff", "toy@letters", "--json");
  const json = JSON.parse(out);
  expect(json.left.request).toMatchObject({ kind: "chat", stop: ["Q:"] });
  expect(json.right.request).toMatchObject({ kind: "likelihood" });
  expect(json.differences).toContain("protocol.method");
});

test("an item that isn't there is refused with the range of those that are", async () => {
  const { code, err } = await show("toy", "--item", "99");
  expect(code).toBe(2);
  expect(err).toContain('no item "99"');
  expect(err).toContain("from 0 to 19");
});

test("long equal stretches are folded, short ones are not", () => {
  const lines = ["  a", "  b", "  c", "- d", "  e", "  f"];
  expect(foldEqual(lines, 1)).toEqual(["  … 2 equal lines", "  c", "- d", "  e", "  f"]);
  expect(foldEqual(["  a", "  b"], 1)).toEqual(["  … 2 equal lines"]);
});
