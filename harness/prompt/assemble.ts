import type { Message } from "../contracts/index.ts";

/** A shot as text. */
export interface RenderedShot {
  question: string;
  answer: string;
  /** What the answer turn starts with (lm-eval's gen_prefix). */
  answerPrefix: string;
}

/** Everything that a prompt is made of. */
export interface PromptParts {
  system: string;
  description: string;
  shots: readonly RenderedShot[];
  question: string;
  answerPrefix: string;
  targetDelimiter: string;
  shotDelimiter: string;
}

export interface LayoutOptions {
  layout: "text" | "chat";
  /** Chat: shots as turns of their own; false: all of it in one user message. */
  multiturn: boolean;
}

/** A prompt as it will be sent. */
export type Assembled = { kind: "text"; prompt: string } | { kind: "chat"; messages: Message[] };

interface Piece extends Message {
  /** Stands behind the content in text; a chat has none. */
  delimiter: string;
}

/**
 * Puts a prompt together in the order and with the delimiters of lm-evaluation-harness: system and description, shots,
 * question, answer prefix. In chat, an answer prefix is the start of the assistant's turn.
 *
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/4e7e0d47/lm_eval/api/task.py (`fewshot_context`)
 */
export function assemble(parts: PromptParts, options: LayoutOptions): Assembled {
  const pieces = piecesOf(parts);
  if (options.layout === "text") return { kind: "text", prompt: joinPieces(pieces) };
  if (options.multiturn) return { kind: "chat", messages: pieces.map(({ role, content }) => ({ role, content })) };
  return { kind: "chat", messages: singleTurn(pieces) };
}

function piecesOf(parts: PromptParts): Piece[] {
  const { targetDelimiter, shotDelimiter, answerPrefix } = parts;
  const system = delimit(parts.system, parts.description, shotDelimiter);
  const pieces: Piece[] = system === "" ? [] : [{ role: "system", content: system, delimiter: "" }];
  for (const shot of parts.shots) {
    if (shot.answer === "") {
      pieces.push(...openTurn(shot.question, shot.answerPrefix, targetDelimiter));
      continue;
    }
    const between =
      shot.answerPrefix === "" ? targetDelimiter : delimiterBetween(shot.question, shot.answerPrefix, targetDelimiter);
    pieces.push({ role: "user", content: shot.question, delimiter: between });
    const answer = shot.answerPrefix === "" ? shot.answer : delimit(shot.answerPrefix, shot.answer, " ");
    pieces.push({ role: "assistant", content: answer, delimiter: shotDelimiter });
  }
  return [...pieces, ...openTurn(parts.question, answerPrefix, targetDelimiter)];
}

/** A question without an answer: the item, or a shot that carries its answer in the question. */
function openTurn(question: string, answerPrefix: string, targetDelimiter: string): Piece[] {
  const between = answerPrefix === "" ? "" : delimiterBetween(question, answerPrefix, targetDelimiter);
  const asked: Piece = { role: "user", content: question, delimiter: between };
  return answerPrefix === "" ? [asked] : [asked, { role: "assistant", content: answerPrefix, delimiter: "" }];
}

function joinPieces(pieces: readonly Piece[]): string {
  return pieces.map(({ content, delimiter }) => content + delimiter).join("");
}

/** System, then one user message with all the rest as text, then the answer prefix. */
function singleTurn(pieces: readonly Piece[]): Message[] {
  const lastUser = pieces.findLastIndex((piece) => piece.role === "user");
  const system = pieces.filter((piece) => piece.role === "system").map(({ role, content }) => ({ role, content }));
  const asked = pieces.slice(0, lastUser + 1).filter((piece) => piece.role !== "system");
  const last = asked.at(-1);
  const text = joinPieces(last ? [...asked.slice(0, -1), { ...last, delimiter: "" }] : []);
  const prefill = pieces.slice(lastUser + 1).map(({ role, content }) => ({ role, content }));
  return [...system, { role: "user", content: text }, ...prefill];
}

/** Joins two texts; the delimiter only where neither brings white space to the seam, and neither is empty. */
function delimit(left: string, right: string, delimiter: string): string {
  if (left === "" || right === "") return left + right;
  return left + delimiterBetween(left, right, delimiter) + right;
}

function delimiterBetween(left: string, right: string, delimiter: string): string {
  return /\s$/.test(left) || /^\s/.test(right) ? "" : delimiter;
}

/** Texts that are scored after a prompt: each choice behind the target delimiter. */
export function continuationsOf(
  choices: readonly string[],
  { targetDelimiter }: Pick<PromptParts, "targetDelimiter">,
): string[] {
  return choices.map((choice) => targetDelimiter + choice);
}

/** White space at the end of a context belongs to the continuation: tokenizers put it there. */
export function splitContinuation(context: string, continuation: string): { context: string; continuation: string } {
  const end = context.trimEnd().length;
  return { context: context.slice(0, end), continuation: context.slice(end) + continuation };
}
