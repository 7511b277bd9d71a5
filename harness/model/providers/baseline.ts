import { createHash } from "node:crypto";
import {
  type CallHints,
  InputError,
  type JsonObject,
  type Likelihood,
  type Model,
  type ModelCall,
  type ModelRequest,
  type ModelResponse,
  nearestName,
  type TaskHints,
} from "../../contracts/index.ts";
import { PythonRandom } from "../../prompt/index.ts";
import { fallbackTexts, NgramModel } from "../embedded/ngram.ts";
import type { Provider } from "../open-model.ts";
import { cutAtStop, responseOf, unsupported } from "../response.ts";

const kinds = ["random", "first", "longest", "majority", "ngram"] as const;
type Kind = (typeof kinds)[number];

const mostGenerated = 400;
/** Characters that the n-gram model learns from at most: more of them change little but the time it takes. */
const mostTrained = 400_000;

/** Embedded baselines: the floor of every leaderboard. Same seed, same bytes. */
export const provider: Provider = {
  name: "baseline",
  summary: "embedded: random, first, longest, majority, ngram",
  env: [],
  open: (name, options) => {
    if ((kinds as readonly string[]).includes(name)) return new Baseline(name as Kind, options.seed ?? 1234);
    const meant = nearestName(name, kinds);
    throw new InputError({
      code: "MODEL_UNKNOWN",
      what: `There is no baseline "${name}".`,
      fix: `${meant ? `Did you mean "baseline/${meant}"? ` : ""}There are: ${kinds.join(", ")}.`,
    });
  },
};

class Baseline implements Model {
  readonly id: string;
  readonly provider = "baseline";
  readonly name: string;
  readonly baseUrl = null;
  readonly capabilities: Model["capabilities"];
  readonly options: { seed: number };
  readonly embedded = true;
  readonly #kind: Kind;
  #ngram = new NgramModel();
  #answers: string[] = [];
  #commonest = "";

  constructor(kind: Kind, seed: number) {
    this.id = `baseline/${kind}`;
    this.name = kind;
    this.#kind = kind;
    this.options = { seed };
    this.capabilities = { chat: true, text: true, likelihood: true, rolling: kind === "ngram" };
  }

  async prepare(task: TaskHints): Promise<JsonObject> {
    if (this.#kind === "ngram") return this.#train(task);
    this.#answers = [];
    if (task.hasOptions && this.#kind !== "majority") return { split: null, answers: 0 };
    for await (const answer of task.answers()) this.#answers.push(answer);
    this.#commonest = mostCommon(this.#answers);
    return { split: task.split, answers: this.#answers.length };
  }

  async #train(task: TaskHints): Promise<JsonObject> {
    this.#ngram = new NgramModel();
    let [texts, characters] = [0, 0];
    for await (const text of task.texts()) {
      this.#ngram.train(text);
      texts += 1;
      characters += text.length;
      if (characters >= mostTrained) break;
    }
    if (texts > 0) return { split: task.split, texts, characters };
    for (const text of fallbackTexts) this.#ngram.train(text);
    return { split: null, texts: fallbackTexts.length, note: "no training split: bundled sentences" };
  }

  async respond(call: ModelCall): Promise<ModelResponse> {
    const started = performance.now();
    const random = this.#randomFor(call);
    const { request } = call;
    const likelihoods =
      request.kind === "likelihood" || request.kind === "rolling" ? this.#score(request, call.hints, random) : null;
    const generated = likelihoods ? null : this.#generate(call, random);
    const totalMs = performance.now() - started;
    return responseOf({
      likelihoods,
      text: generated?.text ?? null,
      finishReason: generated?.cut ? "length" : likelihoods ? null : "stop",
      model: this.id,
      latency: { firstByteMs: null, totalMs },
    });
  }

  #randomFor({ item, epoch }: ModelCall): PythonRandom {
    const digest = createHash("sha256").update(`${this.options.seed}\n${this.#kind}\n${item}\n${epoch}`).digest();
    return new PythonRandom(digest.readBigUInt64BE(0));
  }

  #score(
    request: Extract<ModelRequest, { kind: "likelihood" | "rolling" }>,
    hints: CallHints,
    random: PythonRandom,
  ): Likelihood[] {
    if (this.#kind !== "ngram" && request.kind === "rolling")
      throw unsupported(`${this.id} knows no likelihood of a text.`);
    if (request.kind === "rolling") return [this.#ngramLikelihood("", request.text)];
    if (this.#kind === "ngram")
      return request.continuations.map((text, index) =>
        this.#ngramLikelihood(request.prompts?.[index] ?? request.prompt, text),
      );
    const count = request.continuations.length;
    if (count < 2) throw unsupported(`${this.id} chooses between texts and knows no likelihood of a single one.`);
    const chosen = this.#choose(hints.choices ?? request.continuations, random) % count;
    // A distribution over the continuations that leaves no doubt which one is chosen.
    return request.continuations.map((_, index) => ({
      logprob: Math.log(index === chosen ? 0.5 + 0.5 / count : 0.5 / count),
      tokens: null,
      greedy: index === chosen,
      straddled: false,
    }));
  }

  #ngramLikelihood(prompt: string, text: string): Likelihood {
    return { ...this.#ngram.logLikelihood(prompt, text), straddled: false };
  }

  #choose(options: readonly string[], random: PythonRandom): number {
    if (this.#kind === "longest")
      return options.reduce(
        (best, option, index) => ([...option].length > [...(options[best] ?? "")].length ? index : best),
        0,
      );
    if (this.#kind === "majority") return Math.max(0, options.indexOf(this.#commonest));
    return this.#kind === "random" ? random.below(Math.max(1, options.length)) : 0;
  }

  #generate({ request, hints }: ModelCall, random: PythonRandom): { text: string; cut: boolean } {
    if (request.kind !== "chat" && request.kind !== "text") return { text: "", cut: false };
    if (this.#kind === "ngram") {
      const prompt = request.kind === "text" ? request.prompt : (request.messages.at(-1)?.content ?? "");
      const maxTokens = Math.min(mostGenerated, request.parameters.maxTokens ?? mostGenerated);
      const { text, cut } = this.#ngram.generate(prompt, {
        maxTokens,
        temperature: request.parameters.temperature ?? 1,
        stop: request.stop,
        random: () => random.random(),
      });
      return { text: cutAtStop({ text, finishReason: null }, request.stop).text ?? "", cut };
    }
    const answer = this.#answer(hints, random);
    return { text: hints.specimen ? hints.specimen(answer) : answer, cut: false };
  }

  /** One of the options, or an answer of the training split. */
  #answer({ choices, choiceAnswers }: CallHints, random: PythonRandom): string {
    if (choices && choiceAnswers) {
      if (this.#kind === "majority")
        return choiceAnswers.includes(this.#commonest) ? this.#commonest : (choiceAnswers[0] ?? "");
      return choiceAnswers[this.#choose(choices, random)] ?? "";
    }
    if (this.#answers.length === 0) return "";
    if (this.#kind === "majority") return this.#commonest;
    if (this.#kind === "random") return this.#answers[random.below(this.#answers.length)] ?? "";
    return this.#kind === "longest"
      ? this.#answers.reduce((best, answer) => (answer.length > best.length ? answer : best))
      : (this.#answers[0] ?? "");
  }
}

function mostCommon(answers: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const answer of answers) counts.set(answer, (counts.get(answer) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ["", 0] as [string, number])[0];
}
