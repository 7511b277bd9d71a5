import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resolve } from "../task/index.ts";
import { planRequests } from "./plan.ts";
import { prepare } from "./prepare.ts";
import { writeToyTask } from "./testing/toy-task.ts";

const noModel = { provider: "none", name: "none", baseUrl: null, options: {} };

/** The toy task with these rows and lines of its task file changed. */
function toyWith(rows: object[], change: (task: string) => string) {
  const root = writeToyTask();
  const file = join(root, "toy/task.yaml");
  writeFileSync(file, change(readFileSync(file, "utf8")));
  writeFileSync(join(root, "toy/test.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return resolve("toy", { roots: [root] });
}

const named = (task: string) => task.replace("fields:", "itemId: name\nfields:");

test("ids from a column may not repeat, also where they look like a row's number", async () => {
  const row = (name: string) => ({ name, a: 1, b: 2 });
  const repeated = toyWith([row("set/0"), row("set/1"), row("set/0")], named);
  await expect(prepare(repeated, noModel)).rejects.toMatchObject({ code: "ITEM_ID_REPEATED" });
  const different = toyWith([row("set/0"), row("set/1"), row("set/2")], named);
  expect((await prepare(different, noModel)).items).toBe(3);
});

test("columns and categories may be called as what every object has", async () => {
  const rows = ['{"a":1,"b":2,"__proto__":"p","constructor":"c","toString":"t"}'].map((text) => JSON.parse(text));
  const resolved = toyWith(rows, (task) =>
    task.replace(
      "categories:",
      '  seen: "{{ constructor }}{{ toString }}"\ncategories:\n  kind: "constructor"\n  area: { from: kind, map: { other: rest } }',
    ),
  );
  const { value: item } = await (await prepare(resolved, noModel)).read().next();
  expect(item?.document.seen).toBe("ct");
  expect(item?.categories).toMatchObject({ kind: "constructor", area: "other" });
});

test("it is said at which item a template fails", async () => {
  const short = toyWith([{ a: 1, b: 2 }], (task) => task.replace(/fields:.*?(?=defaultProtocol)/s, "fields: {}\n"));
  const plan = planRequests(await prepare(short, noModel));
  await expect(plan.next()).rejects.toMatchObject({
    code: "TEMPLATE_UNDEFINED",
    what: expect.stringMatching(/^Item test\/0: "total" is not defined/),
  });
});

test("an interruption is heard while rows are read", async () => {
  const rows = Array.from({ length: 3 }, (_, a) => ({ a, b: 2 }));
  const options = { signal: AbortSignal.abort() };
  await expect(
    prepare(
      toyWith(rows, (task) => task),
      noModel,
      options,
    ),
  ).rejects.toMatchObject({ name: "AbortError" });
});
