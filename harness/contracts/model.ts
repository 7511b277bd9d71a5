import type { ModelRequest, ModelResponse, Usage } from "./exchange.ts";
import type { Json, JsonObject } from "./json.ts";

/** One question to a model, with what only embedded models (baseline, replay) look at. */
export interface ModelCall {
  request: ModelRequest;
  item: string;
  epoch: number;
  /** What the embedded baselines may use. Providers that talk to a real model never look at it. */
  hints: CallHints;
  /** Where the item comes from: recorded answers are found by it. Providers that talk to a real model never look at it. */
  row?: ItemRow;
}

/** The row of an item's split that it was made of. */
export interface ItemRow {
  index: number;
  columns: JsonObject;
}

export interface CallHints {
  /** Option texts of a multiple choice item. */
  choices: string[] | null;
  /** Renders a well-formed response from an answer (an option's letter or text, or a free answer); null: none declared. */
  specimen: ((answer: string) => string) | null;
  /** Answers as the protocol's shots give them, one an option, where there are options. */
  choiceAnswers: string[] | null;
}

/** What a model needs once a task: texts and answers of its training split. */
export interface TaskHints {
  /** Name of that split; `null`: the task has none. */
  split: string | null;
  /** Items have options, which a baseline can choose from without having seen an answer. */
  hasOptions: boolean;
  /** Answers of training items (in the form that `specimen` takes), streamed. */
  answers(): AsyncIterable<string>;
  /** Training texts (question and answer), streamed. */
  texts(): AsyncIterable<string>;
}

export interface ModelCapabilities {
  chat: boolean;
  text: boolean;
  likelihood: boolean;
  rolling: boolean;
}

/** What the client lends a model for one call. */
export interface CallContext {
  /**
   * Does one request within the limits on concurrency, rate and spending, and again where that can help. The number of
   * attempts made so far in this call is in `attempts`.
   */
  attempt<T extends { usage: Usage }>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  attempts(): number;
}

/** A model behind one provider. Expected trouble is thrown as `ModelCallError`; see harness/model. */
export interface Model {
  /** `<provider>/<name>` as the user wrote it. */
  id: string;
  provider: string;
  name: string;
  baseUrl: string | null;
  capabilities: ModelCapabilities;
  /** Settings that are part of the identity (not of comparability) of a score: quantisation, reasoning flags, seed of a baseline … */
  options: JsonObject;
  /** True: nothing is paid, sent or worth caching. */
  embedded: boolean;
  /** Of the chat template that we apply ourselves; absent: the server applies its own, or nobody does. */
  chatTemplateSha256?: string;
  /** Called once a task before its first item. @returns what it learnt from, for the record */
  prepare?(task: TaskHints): Promise<JsonObject>;
  /** Whether there is an answer, for a model that has only recorded ones; absent: whatever is asked. */
  covers?(call: Pick<ModelCall, "item" | "epoch" | "row">): boolean;
  /** What decides the response besides provider and base URL: the exact body (or bodies) that would be sent. */
  cacheKey?(call: ModelCall): Json;
  respond(call: ModelCall, context: CallContext): Promise<ModelResponse>;
  close?(): Promise<void>;
}
