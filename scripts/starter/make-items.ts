// Draws the items of a starter task from its templates: the same seed gives the same bytes.
//
//   node scripts/starter/make-items.ts starter-arithmetic starter-code             writes the items that are committed
//   node scripts/starter/make-items.ts starter-arithmetic --seed 7 --out ./fresh    a copy of the task with fresh items
//   npx assay run starter-arithmetic --tasks ./fresh --model …
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { z } from "zod";
import type { Json, JsonObject } from "../../harness/contracts/index.ts";
import { compileTemplate, PythonRandom } from "../../harness/prompt/index.ts";
import { bundledTasks } from "../../harness/task/index.ts";

const rangeSchema = z.strictObject({ from: z.int(), to: z.int(), step: z.int().positive().default(1) });
const templateSchema = z.strictObject({
  id: z.string(),
  topic: z.string().optional(),
  values: z.record(z.string(), z.union([z.array(z.json()).min(1), rangeSchema])).default({}),
  where: z.string().optional(),
  let: z.record(z.string(), z.string()).default({}),
  question: z.string(),
  options: z.union([z.string(), z.array(z.string())]).optional(),
  solution: z.string().optional(),
  answer: z.string().optional(),
  entryPoint: z.string().optional(),
  tests: z.array(z.string()).optional(),
});
type ItemTemplate = z.infer<typeof templateSchema>;
const fileSchema = z.strictObject({
  variants: z.record(z.string(), z.int().positive()),
  names: z.unknown().optional(),
  templates: z.array(templateSchema).min(1),
});

/** Redraws before a template's `where` is taken for impossible. */
const mostDraws = 10_000;

/** All items of a task by split. A template without values is one fixed question of the first split. */
export function makeItems(source: string, seed: number): Record<string, JsonObject[]> {
  const { variants, templates } = fileSchema.parse(parse(source));
  const random = new PythonRandom(seed);
  const splits = Object.keys(variants);
  const items: Record<string, JsonObject[]> = Object.fromEntries(splits.map((split) => [split, []]));
  for (const template of templates) {
    const seen = new Set<string>();
    for (const split of splits) {
      const isFixed = Object.keys(template.values).length === 0;
      const count = isFixed ? Number(split === splits[0]) : (variants[split] ?? 0);
      for (let variant = 0; variant < count; variant += 1)
        items[split]?.push({ id: `${split}/${template.id}-${variant + 1}`, ...drawItem(template, random, seen) });
    }
  }
  return items;
}

function drawItem(template: ItemTemplate, random: PythonRandom, seen: Set<string>): JsonObject {
  for (let draw = 0; draw < mostDraws; draw += 1) {
    const values = drawValues(template, random);
    if (template.where !== undefined && compileTemplate(template.where).evaluate(values) !== true) continue;
    const question = compileTemplate(template.question).render(values);
    const key = template.tests === undefined ? `${question}\n${JSON.stringify(values)}` : question;
    if (seen.has(key)) continue;
    seen.add(key);
    return { template: template.id, question, ...answerOf(template, values, random) };
  }
  throw new Error(
    `Template ${template.id}: no further item in ${mostDraws} draws; widen its values or loosen its where.`,
  );
}

function drawValues(template: ItemTemplate, random: PythonRandom): JsonObject {
  const values: JsonObject = {};
  for (const [name, domain] of Object.entries(template.values)) {
    if (Array.isArray(domain)) values[name] = domain[random.below(domain.length)] as Json;
    else
      values[name] = domain.from + domain.step * random.below(Math.floor((domain.to - domain.from) / domain.step) + 1);
  }
  for (const [name, expression] of Object.entries(template.let))
    values[name] = compileTemplate(expression).evaluate(values) as Json;
  return values;
}

function answerOf(template: ItemTemplate, values: JsonObject, random: PythonRandom): JsonObject {
  if (template.tests !== undefined) {
    return {
      entry_point: template.entryPoint ?? "",
      solution: compileTemplate(template.solution ?? "").render(values),
      tests: template.tests.map((test) => compileTemplate(test).render(values)),
    };
  }
  if (template.options === undefined) {
    return {
      solution: compileTemplate(template.solution ?? "").render(values),
      answer: Number(compileTemplate(template.answer ?? "").render(values)),
    };
  }
  const given =
    typeof template.options === "string" ? compileTemplate(template.options).evaluate(values) : template.options;
  const options = (given as Json[]).map(String);
  if (new Set(options).size !== options.length) throw new Error(`Template ${template.id}: two options are the same.`);
  const order = random.sample(options.length, options.length);
  return { topic: template.topic ?? "", choices: order.map((at) => options[at] ?? ""), answer: order.indexOf(0) };
}

function main(): void {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: "string", default: "1" }, out: { type: "string" } },
  });
  for (const id of positionals) {
    const from = join(bundledTasks, id);
    const folder = values.out === undefined ? from : join(values.out, id);
    const items = makeItems(readFileSync(join(from, "templates.yaml"), "utf8"), Number(values.seed));
    if (folder !== from) {
      mkdirSync(folder, { recursive: true });
      cpSync(from, folder, { recursive: true });
    }
    for (const [split, rows] of Object.entries(items)) {
      const file = join(folder, `${split}.jsonl`);
      writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
      console.error(`${file}: ${rows.length} items`);
    }
  }
}

if (import.meta.main) main();
