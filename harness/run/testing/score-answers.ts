import type {
  Likelihood,
  ModelResponse,
  OutcomeKind,
  Protocol,
  Sample,
  Score,
  ScoringFields,
} from "../../contracts/index.ts";
import { Aggregator } from "../aggregate.ts";
import { type Planned, planRequests } from "../plan.ts";
import type { Prepared } from "../prepare.ts";
import { compileScorer, type Grade } from "../score-sample.ts";

/** What a made-up model gives for a request: a text, or the position of the choice that it finds likeliest. */
type Answerer = (planned: Planned) => string | number;

/** Scores of all items of a prepared task for made-up answers, by the functions that score a run. */
export async function scoreAnswers(
  prepared: Prepared,
  answer: Answerer,
  grade: Grade | null = null,
): Promise<{ scores: Score[]; primary: Score; outcomes: Partial<Record<OutcomeKind, number>>; wrong: string[] }> {
  const { protocol } = prepared.resolved;
  const scorer = compileScorer(protocol, grade);
  const aggregator = new Aggregator(protocol, scorer);
  const outcomes: Partial<Record<OutcomeKind, number>> = {};
  const wrong: string[] = [];
  for await (const planned of planRequests(prepared)) {
    const response = responseTo(planned, answer(planned));
    const subject = { scoring: planned.scoring, document: planned.item.document, request: planned.request };
    const scored = await scorer.score(subject, response);
    await aggregator.add(sampleOf(planned, { response, scored }));
    outcomes[scored.outcome.kind] = (outcomes[scored.outcome.kind] ?? 0) + 1;
    const filter = protocol.primary.filter ?? scored.values[0]?.filter;
    const value = scored.values.find((entry) => entry.metric === protocol.primary.metric && entry.filter === filter);
    if (value?.value === 0) wrong.push(planned.item.id);
  }
  const scores = await aggregator.scores();
  const primary = scores[0];
  if (!primary) throw new Error("nothing was scored");
  return { scores, primary, outcomes, wrong };
}

function sampleOf(
  { item, epoch, requestHash, request, scoring, shots }: Planned,
  {
    response,
    scored,
  }: { response: ModelResponse; scored: Awaited<ReturnType<ReturnType<typeof compileScorer>["score"]>> },
): Sample {
  return {
    item: item.id,
    epoch,
    row: item.row,
    requestHash,
    categories: item.categories,
    cluster: item.cluster,
    fields: { ...scoring } as Sample["fields"],
    shots,
    request,
    response,
    ...scored,
  };
}

function responseTo({ request }: Planned, answer: string | number): ModelResponse {
  const continuations = "continuations" in request ? request.continuations : [];
  return {
    text: typeof answer === "string" ? answer : null,
    reasoning: null,
    likelihoods:
      typeof answer === "number" ? continuations.map((text, index) => likelihood(text, index === answer)) : null,
    finishReason: "stop",
    refusal: null,
    model: "made-up",
    fingerprint: null,
    usage: { input: null, output: null, reasoning: null, cacheRead: null, cacheWrite: null },
    latency: { firstByteMs: null, totalMs: 0 },
    attempts: 1,
    cached: false,
    exchanges: [],
  };
}

/** So far apart that no normalisation by length changes the order. */
function likelihood(text: string, favoured: boolean): Likelihood {
  return { logprob: favoured ? -1 : -1e6 * (1 + text.length), tokens: text.length, greedy: favoured, straddled: false };
}

/** A good response with this answer, as the protocol's specimen shows it. */
export function specimenOf({ hints }: Planned, answer: string): string {
  if (!hints.specimen) throw new Error("the protocol has no specimen");
  return hints.specimen(answer);
}

/** The right answer as text, or the position of the right choice where choices are ranked. */
export function goldOf({ scoring }: Planned, method: Protocol["method"]): string | number {
  const target = first(scoring);
  if (method === "likelihood") return 0;
  if (method === "choice") return typeof target === "number" ? target : (scoring.choices ?? []).indexOf(String(target));
  return typeof target === "number" && scoring.choices ? (scoring.choices[target] ?? "") : String(target);
}

function first({ target }: ScoringFields): unknown {
  return Array.isArray(target) ? target[0] : target;
}
