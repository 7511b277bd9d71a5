import { type Protocol, responseWith, type ScoringFields } from "../../contracts/index.ts";
import { charactersPerToken } from "../../model/index.ts";
import { compileTemplate } from "../../prompt/index.ts";
import type { Item } from "../../task/index.ts";
import { compileRequests } from "../build-request.ts";
import { type Planned, planRequests } from "../plan.ts";
import type { Prepared } from "../prepare.ts";
import { compileScorer } from "../score-sample.ts";
import type { LintFinding } from "./finding.ts";

/** Items whose specimen is scored; a specimen that is misread is misread early. */
const specimens = 100;

/** Rules over the items and shots of a prepared run. */
export async function lintData(prepared: Prepared): Promise<LintFinding[]> {
  const { protocol } = prepared.resolved;
  const answers = new AnswerRules(protocol);
  const questions = new Set<string>();
  const builder = compileRequests(protocol);
  const shotOf = (document: Item["document"]) => builder.shot(document);
  // Shots that the protocol spells out have fields of their own, which items don't have.
  const question = compileTemplate(protocol.question);
  const questionOf = (document: Item["document"]) =>
    protocol.shots.items === undefined ? shotOf(document).question : question.render(document);
  const misread = new SpecimenRule(protocol);
  for await (const planned of planRequests(prepared)) {
    if (planned.epoch > 0) continue;
    answers.add(planned);
    questions.add(folded(questionOf(planned.item.document)));
    await misread.add(planned);
  }
  for (const item of prepared.pool) answers.addShot(item.id, shotOf(item.document).answer);
  for (const [index, shot] of spelledOut(protocol).entries()) answers.addShot(`fixed/${index}`, shot.answer);
  return [...answers.findings(), overlap(prepared, { questions, shotOf }), misread.finding()].filter(
    (finding) => finding !== undefined,
  );
}

function folded(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, " ").trim();
}

/** Shots that the protocol file itself holds, rendered. */
function spelledOut({ shots }: Protocol): { question: string; answer: string }[] {
  const examples = Array.isArray(shots.items) ? shots.items : Object.values(shots.items ?? {}).flat();
  const question = compileTemplate(shots.question ?? "{{ question }}");
  const answer = compileTemplate(shots.answer ?? "{{ answer }}");
  return examples.map((example) => ({ question: question.render(example), answer: answer.render(example) }));
}

interface Seen {
  count: number;
  first: string;
}

/** Stops and lengths against answers as a model should give them. */
class AnswerRules {
  readonly #protocol: Protocol;
  readonly #stops = new Map<string, { answers?: Seen; shots?: Seen }>();
  readonly #lengths: number[] = [];
  readonly #shotLengths: number[] = [];
  #items = 0;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  add({ request, scoring, item, hints }: Planned): void {
    if (request.kind !== "chat" && request.kind !== "text") return;
    this.#items += 1;
    const specimen = hints.specimen?.(goldOf(scoring)) ?? "";
    this.#lengths.push(Math.max(scoring.answer.length, specimen.length));
    for (const stop of request.stop) {
      if ([scoring.answer, specimen].some((text) => cutsShort(text, stop))) this.#count(stop, "answers", item.id);
    }
  }

  addShot(id: string, answer: string): void {
    if (this.#protocol.method !== "generate") return;
    this.#shotLengths.push(answer.length);
    for (const stop of this.#protocol.generate.stop) if (cutsShort(answer, stop)) this.#count(stop, "shots", id);
  }

  #count(stop: string, where: "answers" | "shots", id: string): void {
    const entry = this.#stops.get(stop) ?? {};
    this.#stops.set(stop, entry);
    const seen = entry[where] ?? { count: 0, first: id };
    seen.count += 1;
    entry[where] = seen;
  }

  findings(): LintFinding[] {
    const list: LintFinding[] = [];
    for (const [stop, { answers, shots }] of this.#stops) {
      const places = [
        answers && `${answers.count} of ${this.#items} right answers (first ${answers.first})`,
        shots && `${shots.count} of ${this.#shotLengths.length} shots (first ${shots.first})`,
      ].filter(Boolean);
      list.push({
        rule: "stop-in-answers",
        what: `the stop ${JSON.stringify(stop)} occurs in ${places.join(" and ")}`,
      });
    }
    const limit = this.#protocol.method === "generate" ? this.#protocol.generate.maxTokens : null;
    for (const [what, lengths] of [
      ["right answers", this.#lengths],
      ["the answers of shots", this.#shotLengths],
    ] as const) {
      const tokens = Math.ceil(percentile95(lengths) / charactersPerToken);
      if (limit !== null && tokens > limit)
        list.push({
          rule: "limit-below-answers",
          what: `95 % of ${what} take up to about ${tokens} tokens, the limit is ${limit}`,
        });
    }
    return list;
  }
}

/** A stop that is the end of an answer does no harm. */
function cutsShort(answer: string, stop: string): boolean {
  const text = answer.trim();
  const at = text.indexOf(stop);
  return at >= 0 && at + stop.length < text.length;
}

function percentile95(lengths: readonly number[]): number {
  return lengths.toSorted((a, b) => a - b)[Math.ceil(lengths.length * 0.95) - 1] ?? 0;
}

/** Shots whose question is one of the evaluated items'. */
function overlap(
  { pool, resolved, setup }: Prepared,
  {
    questions,
    shotOf,
  }: { questions: ReadonlySet<string>; shotOf: (document: Item["document"]) => { question: string } },
): LintFinding | undefined {
  const { protocol } = resolved;
  const spelled = spelledOut(protocol).filter((shot) => questions.has(folded(shot.question))).length;
  if (spelled > 0)
    return { rule: "shots-overlap", what: `${spelled} of the shots that are spelled out are evaluated items` };
  if (setup.shotPool === null || setup.shotPool.split === setup.dataset.split) return undefined;
  const named = protocol.shots.ids?.map(String);
  const drawn = named ? pool.filter((item) => named.includes(item.id)) : pool;
  const shared = drawn.filter((item) => questions.has(folded(shotOf(item.document).question)));
  if (shared.length === 0) return undefined;
  return {
    rule: "shots-overlap",
    what: `${shared.length} of ${drawn.length} rows of ${setup.shotPool.split} ask what an item of ${setup.dataset.split} asks (first ${shared[0]?.id})`,
  };
}

/** The right answer as `specimen` takes it. */
function goldOf({ target, choices, answer }: ScoringFields): string {
  const first = Array.isArray(target) ? target[0] : target;
  if (typeof first === "number" && choices) return choices[first] ?? answer;
  if (Array.isArray(first)) return first.filter((span) => typeof span === "string").join(",");
  return typeof first === "string" || typeof first === "number" ? String(first) : answer;
}

/** Scores the specimen of the first items as if a model had given it. */
class SpecimenRule {
  readonly #protocol: Protocol;
  readonly #scorer: ReturnType<typeof compileScorer> | undefined;
  #seen = 0;
  #misread: string[] = [];

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
    const applies =
      protocol.method === "generate" && protocol.specimen !== undefined && protocol.execution === undefined;
    this.#scorer = applies && protocol.epochs === 1 ? compileScorer(protocol, null) : undefined;
  }

  async add({ item, request, scoring, hints }: Planned): Promise<void> {
    if (!this.#scorer || this.#seen >= specimens || !hints.specimen) return;
    this.#seen += 1;
    const text = hints.specimen(
      hints.choiceAnswers && typeof scoring.target === "number"
        ? (hints.choiceAnswers[scoring.target] ?? "")
        : goldOf(scoring),
    );
    const { values } = await this.#scorer.score(
      { scoring, document: item.document, request },
      responseWith({ text: cutAt(text, request), finishReason: "stop" }),
    );
    const { metric, filter } = this.#scorer.primary;
    const value = values.find((entry) => entry.metric === metric && entry.filter === filter)?.value;
    if (value !== 1) this.#misread.push(item.id);
  }

  finding(): LintFinding | undefined {
    if (this.#misread.length === 0) return undefined;
    return {
      rule: "specimen-misread",
      what: `${this.#misread.length} of the first ${this.#seen} specimens of right responses (${JSON.stringify(this.#protocol.specimen)}) aren't scored as right (first ${this.#misread[0]})`,
    };
  }
}

/** As a server sends it: up to the first stop. */
function cutAt(text: string, request: Planned["request"]): string {
  const ends = ("stop" in request ? request.stop : []).map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}
