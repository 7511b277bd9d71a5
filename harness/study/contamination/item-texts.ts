import { compileTemplate } from "../../prompt/index.ts";
import { compileRequests, type Prepared } from "../../run/index.ts";
import type { ItemText } from "./subject.ts";

/** Items of a prepared task in the parts by which a corpus is searched for them. Shots and instructions aren't among these. */
export async function itemTexts(prepared: Prepared): Promise<ItemText[]> {
  const { protocol } = prepared.resolved;
  const question = compileTemplate(protocol.question);
  const builder = compileRequests(protocol);
  const texts: ItemText[] = [];
  for await (const item of prepared.read()) {
    const { scoring } = builder.build(item, []);
    texts.push({
      item: item.id,
      question: question.render(item.document),
      choices: scoring.choices,
      answer: scoring.answer,
    });
  }
  return texts;
}
