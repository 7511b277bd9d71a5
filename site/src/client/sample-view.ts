import type { Json, Sample } from "@assay/harness/contracts";
import type { LongText } from "../../samples/publish-sample.ts";
import { build, factTable, outsideText, textBlock } from "./build-element.ts";

/** What an item was asked, as stored once for all runs of a setup. */
export type StoredPrompt = Pick<Sample, "item" | "row" | "requestHash" | "categories" | "fields" | "shots" | "request">;

/** A sample as the site stores it. */
export type StoredSample = Pick<Sample, "item" | "epoch" | "answers" | "values" | "outcome" | "grading"> & {
  prompt: [number, number];
  response: Omit<NonNullable<Sample["response"]>, "exchanges"> | null;
  long?: Record<string, LongText>;
};

/** Fetches a text that stands apart. */
export type LongTexts = (file: LongText) => Promise<string>;

/** Everything about one sample: verdict, prompt as sent, answer as received, how it was read. */
export function sampleView(sample: StoredSample, prompt: StoredPrompt, longTexts: LongTexts): HTMLElement {
  return build(
    "article",
    { class: "sample" },
    build("h2", {}, `${sample.item}${sample.epoch > 0 ? `, epoch ${sample.epoch}` : ""}`),
    verdict(sample, prompt),
    build("h3", {}, "Asked"),
    ...promptView(prompt),
    build(
      "div",
      { class: "answers" },
      build("section", {}, build("h3", {}, "Answered"), ...responseView(sample, prompt, longTexts)),
    ),
    build("h3", {}, "How it was read"),
    tracesView(sample),
    sample.grading ? gradingView(sample.grading) : null,
    build("h3", {}, "Particulars"),
    particulars(sample, prompt),
  );
}

/** What another run answered to the same prompt. */
export function otherAnswerView(
  sample: StoredSample,
  prompt: StoredPrompt,
  { model, longTexts }: { model: string; longTexts: LongTexts },
): HTMLElement {
  return build(
    "section",
    {},
    build("h3", {}, "Run B answered"),
    ...responseView(sample, prompt, longTexts),
    build("p", { class: "small soft" }, `${model}: ${valuesText(sample)}; ${sample.outcome.kind}`),
  );
}

function verdict(sample: StoredSample, prompt: StoredPrompt): HTMLElement {
  const { outcome } = sample;
  const { target, choices } = prompt.fields;
  const targets = (Array.isArray(target) ? target : [target]).map((entry) =>
    typeof entry === "number" && Array.isArray(choices)
      ? `${entry}: ${plainText(choices[entry] ?? null)}`
      : plainText(entry ?? null),
  );
  const why = "reason" in outcome ? outcome.reason : "message" in outcome ? `${outcome.code}: ${outcome.message}` : "";
  return factTable([
    ["Outcome", outsideText([outcome.kind, why].filter(Boolean).join(", "))],
    ["Score", valuesText(sample)],
    ["Target", outsideText(targets.join(" | "))],
  ]);
}

function valuesText({ values }: StoredSample): string {
  const texts = values.map(
    ({ metric, filter, value }) =>
      `${metric}${filter === "none" ? "" : ` (${filter})`} ${value === null ? "not counted" : value}`,
  );
  return texts.join("; ") || "no score";
}

function plainText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function promptView({ request, shots }: StoredPrompt): Node[] {
  if (request.kind === "chat") return chatView(request.messages, shots.length);
  if (request.kind === "rolling") return [textBlock(request.text, { whitespace: true })];
  const blocks = textPrompt(request.prompt, shots.length);
  if (request.kind === "text") return blocks;
  const choices = request.continuations.map((text, index) =>
    build("li", {}, textBlock(`${request.prompts?.[index] ?? ""}${text}`, { whitespace: true })),
  );
  return [
    ...blocks,
    build("p", { class: "small soft" }, "Continuations whose likelihood was asked for:"),
    build("ol", { start: "0" }, ...choices),
  ];
}

function chatView(messages: readonly { role: string; content: string }[], shots: number): Node[] {
  const only = messages.filter((message) => message.role !== "system").length === 1;
  const block = (message: { role: string; content: string }) =>
    build(
      "div",
      {},
      build("p", { class: "small soft" }, message.role),
      ...(only && message.role === "user"
        ? textPrompt(message.content, shots)
        : [textBlock(message.content, { whitespace: true })]),
    );
  const first = messages[0]?.role === "system" ? 1 : 0;
  const last = messages.at(-1)?.role === "assistant" ? messages.length - 2 : messages.length - 1;
  const folded = messages.slice(first, Math.max(first, last));
  if (folded.length === 0) return messages.map(block);
  const details = build(
    "details",
    {},
    build("summary", {}, `${shots || folded.length} examples, ${folded.length} messages`),
    ...folded.map(block),
  );
  return [...messages.slice(0, first).map(block), details, ...messages.slice(Math.max(first, last)).map(block)];
}

function textPrompt(prompt: string, shots: number): Node[] {
  const cut = shots > 0 ? prompt.lastIndexOf("\n\n") + 2 : 0;
  if (cut < 3) return [textBlock(prompt, { whitespace: true })];
  const head = prompt.slice(0, cut);
  const summary = `${shots} examples, ${head.length.toLocaleString("en")} characters`;
  return [
    build("details", {}, build("summary", {}, summary), textBlock(head, { whitespace: true })),
    textBlock(prompt.slice(cut), { whitespace: true }),
  ];
}

function responseView(sample: StoredSample, prompt: StoredPrompt, longTexts: LongTexts): Node[] {
  const { response, answers, long } = sample;
  if (!response) return [build("p", { class: "soft" }, "There is no response.")];
  const parts: Node[] = [];
  const block = (field: "text" | "reasoning", mark: [number, number] | null) => {
    const text = response[field];
    if (text === null) return;
    const apart = long?.[field];
    parts.push(
      textBlock(text, { mark, ...(apart ? { whole: () => longTexts(apart), length: apart.characters } : {}) }),
    );
  };
  if (response.reasoning !== null) parts.push(build("p", { class: "small soft" }, "reasoning"));
  block("reasoning", null);
  block("text", answers.find((answer) => answer.span !== null)?.span ?? null);
  if (response.text === "") parts.push(build("p", { class: "soft" }, "The response is empty."));
  if (response.refusal !== null) parts.push(build("p", {}, "Refused: ", outsideText(response.refusal)));
  if (response.likelihoods) parts.push(likelihoodTable(response.likelihoods, prompt));
  return parts;
}

function likelihoodTable(
  likelihoods: readonly { logprob: number; greedy: boolean | null }[],
  prompt: StoredPrompt,
): HTMLElement {
  const best = Math.max(...likelihoods.map((entry) => entry.logprob));
  const { request } = prompt;
  const texts = request.kind === "likelihood" ? request.continuations : [];
  const rows = likelihoods.map((entry, index) =>
    build(
      "tr",
      {},
      build("th", { scope: "row" }, outsideText((texts[index] ?? String(index)).slice(0, 200))),
      build("td", { class: "num" }, entry.logprob.toFixed(4)),
      build("td", {}, entry.logprob === best ? "likeliest" : ""),
    ),
  );
  const heads = ["Continuation", "Log-likelihood", ""].map((text) => build("th", { scope: "col" }, text));
  return build("table", {}, build("thead", {}, build("tr", {}, ...heads)), build("tbody", {}, ...rows));
}

function tracesView(sample: StoredSample): HTMLElement {
  if (sample.answers.length === 0)
    return build(
      "p",
      { class: "soft" },
      "Nothing was extracted: the score follows from likelihoods or from running the program.",
    );
  const heads = ["Pipeline", "Answer", "By", "Where"].map((text) => build("th", { scope: "col" }, text));
  const rows = sample.answers.map((answer) =>
    build(
      "tr",
      {},
      build("th", { scope: "row" }, answer.filter),
      build(
        "td",
        {},
        answer.answer === null
          ? "found nothing: unparsed"
          : build("code", {}, outsideText(answer.answer.slice(0, 500), { whitespace: true })),
      ),
      build("td", {}, outsideText(answer.by)),
      build("td", {}, answer.span ? `characters ${answer.span[0]} to ${answer.span[1]}` : ""),
    ),
  );
  return build("table", {}, build("thead", {}, build("tr", {}, ...heads)), build("tbody", {}, ...rows));
}

/** The verdict first, then what is known of the run of the program; outputs as text, whatever they hold. */
function gradingView(grading: Record<string, unknown>): HTMLElement {
  const first = ["passed", "status", "message"];
  const names = [
    ...first.filter((name) => name in grading),
    ...Object.keys(grading).filter((name) => !first.includes(name)),
  ];
  const rows = names.map((name) => [name, gradingValue(grading[name])] as const);
  return build("section", {}, build("h3", {}, "How the program was judged"), factTable(rows));
}

function gradingValue(value: unknown): Node {
  if (value === null || value === undefined || value === "") return build("span", { class: "soft" }, "none");
  if (isOutput(value)) {
    if (value.text === "") return build("span", { class: "soft" }, "empty");
    const cut = value.truncated ? `, cut; it had ${value.bytes.toLocaleString("en")} bytes` : "";
    return build(
      "div",
      {},
      textBlock(value.text),
      cut === "" ? null : build("p", { class: "small soft" }, `The beginning${cut}.`),
    );
  }
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 80 || text.includes("\n") ? textBlock(text) : build("code", {}, outsideText(text));
}

function isOutput(value: unknown): value is { text: string; bytes: number; truncated: boolean } {
  return typeof value === "object" && value !== null && "text" in value && "truncated" in value && "bytes" in value;
}

function particulars({ response }: StoredSample, prompt: StoredPrompt): HTMLElement {
  const usage = response?.usage;
  const count = (value: number | null | undefined) => (value == null ? "not reported" : String(value));
  return factTable([
    [
      "Categories",
      outsideText(
        Object.entries(prompt.categories)
          .map((entry) => entry.join("="))
          .join(", ") || "none",
      ),
    ],
    ["Examples", outsideText(prompt.shots.join(", ") || "none")],
    ["Request hash", build("code", {}, prompt.requestHash)],
    ["Parameters", parametersView(prompt)],
    ["Model as returned", outsideText(response?.model ?? "not told")],
    ["Finish reason", response?.finishReason ?? "not told"],
    ["Tokens", `${count(usage?.input)} in, ${count(usage?.output)} out`],
    [
      "Latency",
      response
        ? `${Math.round(response.latency.totalMs)} ms, ${response.attempts} ${response.attempts === 1 ? "attempt" : "attempts"}${response.cached ? ", from the cache" : ""}`
        : "none",
    ],
  ]);
}

/** What was asked for; what was left to the server is only named. */
function parametersView({ request }: StoredPrompt): Node {
  if (!("parameters" in request)) return build("span", { class: "soft" }, "none");
  const entries = Object.entries({ ...request.parameters, stop: request.stop });
  const isBare = (value: unknown) => value === null || JSON.stringify(value) === "[]" || JSON.stringify(value) === "{}";
  const set = entries.filter(([, value]) => !isBare(value)).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  const unset = entries.filter(([, value]) => isBare(value)).map(([name]) => name);
  return build(
    "span",
    {},
    build("code", {}, outsideText(set.join(", ") || "none", { whitespace: true })),
    unset.length > 0 ? build("small", {}, ` not set: ${unset.join(", ")}`) : null,
  );
}
