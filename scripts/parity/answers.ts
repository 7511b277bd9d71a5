import { createHash } from "node:crypto";
import type { Planned } from "../../harness/run/index.ts";
import type { ReferenceId } from "./references.ts";

/** The key under which the server knows a request. */
export function promptKey({ request }: Pick<Planned, "request">): string | undefined {
  if (request.kind === "text") return request.prompt;
  if (request.kind === "chat") return JSON.stringify(request.messages.map(({ role, content }) => ({ role, content })));
  return undefined;
}

/**
 * What the server answers to a request: right, wrong and odd answers, as models give them, picked by the hash of the prompt.
 *
 * @param others - answers of other items, for the wrong ones
 * @param reference - whose reading of answers is to be tried
 */
export function answerFor(planned: Planned, others: readonly string[], reference: ReferenceId): string {
  const key = promptKey(planned) ?? "";
  const digest = createHash("sha256").update(key).digest();
  const { scoring, hints } = planned;
  const gold = goldText(planned);
  const other = others[digest.readUInt16BE(2) % Math.max(1, others.length)] ?? gold;
  const forms = [
    ` ${scoring.answer}`,
    scoring.answer,
    hints.specimen?.(gold) ?? ` ${gold}`,
    ` ${other}`,
    ` Let me see. So the answer is ${gold}.`,
    ` First (A), then (B).\nThe best answer is ${gold}. The final answer is ${other}`,
    `**${gold}**\nThe answer is (${gold}).\n\nQuestion: what next? The answer is ${other}.`,
    ` I get 12, no, $1,234.50. #### ${gold}\nQ: more?`,
    ` \\boxed{${gold}} hence $x = ${gold}$. Final Answer: The final answer is $${gold}$. I hope it is correct.`,
    "",
    ...(reference === "inspect" ? inspectForms(gold, other) : []),
  ];
  return forms[digest.readUInt16BE(0) % forms.length] ?? "";
}

/** Answers around the marks that Inspect looks for. */
function inspectForms(gold: string, other: string): string[] {
  return [
    `ANSWER: ${gold}`,
    `Let me think.\n\n**ANSWER: ${gold}**`,
    `answer : **${gold}**.`,
    `ANSWER: (${gold})\n\nANSWER: ${other}.`,
    `ANSWER: ${gold}, ${other}`,
    `The ANSWER: ${gold.toLowerCase()},`,
    `ANSWER: $${gold}$ apples, of 1,234.5 in all`,
    `${gold}.`,
    `** "${gold.toLowerCase()}" **`,
    `ANSWER: ${gold}\n\nI checked it twice; − that is ½ of 20² or 十二.`,
  ];
}

/** The right answer in few words: an option's letter, or the target. */
function goldText({ scoring }: Planned): string {
  const first = Array.isArray(scoring.target) ? scoring.target[0] : scoring.target;
  if (typeof first === "number" && scoring.choices) return String.fromCharCode(65 + first);
  return typeof first === "string" || typeof first === "number" ? String(first) : scoring.answer;
}
