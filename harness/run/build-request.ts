import {
  type CallHints,
  type GenerationParameters,
  InputError,
  type Json,
  type JsonObject,
  type ModelRequest,
  type Pipeline,
  type Protocol,
  type ScoringFields,
} from "../contracts/index.ts";
import { assemble, compileTemplate, continuationsOf, type RenderedShot, type Template } from "../prompt/index.ts";
import type { Item } from "../task/index.ts";

/** An item as it will be asked and scored. */
export interface Ask {
  request: ModelRequest;
  scoring: ScoringFields;
  hints: CallHints;
}

/** Compiled templates of a protocol: turns items into requests. */
export interface RequestBuilder {
  /** A shot as text, from a document of the pool. */
  shot(document: JsonObject): RenderedShot;
  build(item: Item, shots: readonly RenderedShot[]): Ask;
  /** Answer of a document in the form that `specimen` takes. */
  answer(document: JsonObject): string;
}

/** Does a pipeline look at the item's columns? Then a recorded sample must hold them, to be scored again. */
function readsColumns({ by, cases, steps }: Pipeline): boolean {
  const all = [steps, ...Object.values(cases ?? {})].flat();
  return by !== undefined || all.some(({ use }) => stepsOverColumns.has(use));
}

const stepsOverColumns = new Set<string>(["compose", "definition", "last-mentions"]);

type Choices = (document: JsonObject) => string[] | null;

/** Columns that scoring needs besides target and choices are passed on whole only where a metric reads them. */
const metricsOverColumns = new Set(["ifeval", "pass", "similarity"]);

/** Compiles a protocol. @throws InputError when a template can't be parsed. */
export function compileRequests(protocol: Protocol): RequestBuilder {
  const question = compileTemplate(protocol.question);
  const description = compileTemplate(protocol.description);
  const answerPrefix = compileTemplate(protocol.answerPrefix);
  const answer = compileTemplate(protocol.answer);
  const target = protocol.target === undefined ? answer : compileTemplate(protocol.target);
  const contexts = protocol.contexts === undefined ? undefined : compileTemplate(protocol.contexts);
  const choices = compileChoices(protocol.choices);
  const shotChoices = protocol.shots.choices === undefined ? choices : compileChoices(protocol.shots.choices);
  const shotQuestion = protocol.shots.question === undefined ? question : compileTemplate(protocol.shots.question);
  const shotAnswer = protocol.shots.answer === undefined ? answer : compileTemplate(protocol.shots.answer);
  const specimen = protocol.specimen === undefined ? null : compileTemplate(protocol.specimen);
  const stops = protocol.generate.stop.map((stop) => compileTemplate(stop));
  const keepsColumns =
    protocol.metrics.some((metric) => metricsOverColumns.has(metric.metric)) || protocol.extract.some(readsColumns);

  return {
    shot: (document) => ({
      question: shotQuestion.render(document),
      answer: answerText(shotAnswer.evaluate(document), shotChoices(document)),
      answerPrefix: answerPrefix.render(document),
    }),
    answer: (document) => answerText(target.evaluate(document), null),
    build: (item, shots) => {
      const document = item.document;
      const options = choices(document);
      const rendered = {
        system: protocol.system,
        ...placed(shots, protocol, (variables) => description.render({ ...document, ...variables })),
        answerPrefix: answerPrefix.render(document),
        targetDelimiter: protocol.targetDelimiter,
        shotDelimiter: protocol.shotDelimiter,
      };
      const layout = { layout: protocol.layout, multiturn: protocol.multiturn };
      const ask = (text: string) => assemble({ ...rendered, question: text }, layout);
      const answerValue = answer.evaluate(document);
      const scoring: ScoringFields = {
        target: (target === answer ? answerValue : target.evaluate(document)) as Json,
        choices: options,
        answer: answerText(answerValue, options),
        extra: keepsColumns ? document : {},
      };
      const stop = stops.map((template) => template.render(document));
      const request = requestOf(protocol, { ask, document, question, contexts, scoring, stop });
      return {
        scoring,
        request,
        hints: hintsOf(scoring, specimen && ((text) => specimen.render({ ...document, answer: text }))),
      };
    },
  };
}

/** Shots as turns, or inside the description where the protocol has them there. */
function placed(
  shots: readonly RenderedShot[],
  protocol: Protocol,
  describe: (variables: JsonObject) => string,
): { description: string; shots: readonly RenderedShot[] } {
  if (protocol.shots.place !== "description") return { description: describe({}), shots };
  return { description: describe({ shots: shots.map(({ question, answer }) => ({ question, answer })) }), shots: [] };
}

function hintsOf({ choices, target }: ScoringFields, specimen: CallHints["specimen"]): CallHints {
  if (!choices) return { choices, specimen, choiceAnswers: null };
  const named = typeof target === "string" && !choices.includes(target) ? /^(\(?)[A-Z](\)?\.?)$/.exec(target) : null;
  const [, before = "", after = ""] = named ?? [];
  const letters = choices.map((_, index) => `${before}${String.fromCharCode(65 + index)}${after}`);
  return { choices, specimen, choiceAnswers: named ? letters : choices };
}

interface Parts {
  ask: (question: string) => ReturnType<typeof assemble>;
  document: JsonObject;
  question: Template;
  contexts: Template | undefined;
  scoring: ScoringFields;
  stop: string[];
}

function requestOf(protocol: Protocol, parts: Parts): ModelRequest {
  if (protocol.method === "perplexity") return { kind: "rolling", text: parts.scoring.answer };
  if (protocol.method === "generate")
    return generation(parts.ask(parts.question.render(parts.document)), { ...protocol.generate, stop: parts.stop });
  if (parts.contexts) return contextsRequest(protocol, parts);
  const prompt = textOf(parts.ask(parts.question.render(parts.document)), protocol);
  if (protocol.method === "likelihood") return { kind: "likelihood", prompt, continuations: [parts.scoring.answer] };
  const choices = parts.scoring.choices;
  if (!choices)
    throw new InputError({
      code: "CHOICES_MISSING",
      what: `Protocol ${protocol.id} ranks choices but gives none.`,
      fix: "Add `choices` to the protocol.",
    });
  const continuations = continuationsOf(choices, protocol);
  if (protocol.unconditional === false) return { kind: "likelihood", prompt, continuations };
  const bare = protocol.unconditional === true ? "" : protocol.unconditional;
  const prompts = [...choices.map(() => prompt), ...choices.map(() => bare)];
  return { kind: "likelihood", prompt, prompts, continuations: [...continuations, ...continuations] };
}

function contextsRequest(protocol: Protocol, parts: Parts): ModelRequest {
  const contexts = (parts.contexts?.evaluate(parts.document) ?? []) as string[];
  const prompts = contexts.map((context) => textOf(parts.ask(context), protocol));
  const continuation = continuationsOf([parts.scoring.answer], protocol)[0] ?? "";
  return { kind: "likelihood", prompt: prompts[0] ?? "", prompts, continuations: contexts.map(() => continuation) };
}

function generation(input: ReturnType<typeof assemble>, { stop, ...parameters }: GenerationParameters): ModelRequest {
  if (input.kind === "chat") return { kind: "chat", messages: input.messages, stop, parameters };
  return { kind: "text", prompt: input.prompt, stop, parameters };
}

function textOf(input: ReturnType<typeof assemble>, protocol: Protocol): string {
  if (input.kind === "text") return input.prompt;
  throw new InputError({
    code: "LAYOUT_UNSUPPORTED",
    what: `Protocol ${protocol.id} scores log-likelihoods, which needs the text layout.`,
    why: "Chat endpoints don't give the probability of a text that they didn't write.",
    fix: "Use `layout: text`, or a protocol that generates and extracts.",
  });
}

function compileChoices(choices: Protocol["choices"]): Choices {
  if (choices === undefined) return () => null;
  if (Array.isArray(choices)) {
    const templates = choices.map((choice) => compileTemplate(choice));
    return (document) => templates.map((template) => template.render(document));
  }
  const expression = compileTemplate(choices);
  return (document) => {
    const value = expression.evaluate(document);
    if (Array.isArray(value)) return value.length > 0 ? value.map(String) : null;
    throw new InputError({
      code: "CHOICES_NOT_A_LIST",
      what: `\`choices: ${choices}\` gave ${JSON.stringify(value)}, not a list.`,
      fix: "Write one {{ expression }} that is a list, or a YAML list of templates.",
    });
  };
}

/** An index stands for the choice it points at, a list for its first entry (lm-eval's rule for shots). */
function answerText(value: unknown, choices: string[] | null): string {
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first === "number" && choices) return choices[first] ?? String(first);
  return typeof first === "string" ? first : String(first ?? "");
}
