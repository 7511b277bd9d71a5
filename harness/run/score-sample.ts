import type {
  DenominatorPolicy,
  ExtractedAnswer,
  JsonObject,
  MetricValue,
  ModelRequest,
  ModelResponse,
  Outcome,
  Pipeline,
  Protocol,
  Sample,
  ScoringFields,
} from "../contracts/index.ts";
import { compilePipeline } from "../extract/index.ts";
import { compileTemplate } from "../prompt/index.ts";
import { compileMetric, type Metric, type ScoreInput } from "../score/index.ts";

/** What scoring adds to a sample. */
export type Scored = Pick<Sample, "answers" | "values" | "outcome" | "grading">;

/** What is scored: an item's fields, what was asked, and what came back. */
export interface Scorable {
  scoring: ScoringFields;
  document: JsonObject;
  request: ModelRequest;
}

/** Runs a program against its tests and gives the sandbox's verdict. */
export type Grade = (answer: string, subject: Scorable) => Promise<JsonObject & { passed: boolean | null }>;

/** Scores samples of one protocol. The same calls serve a fresh response and a recorded one. */
export interface Scorer {
  metrics: readonly Metric[];
  /** The value that a leaderboard shows. */
  primary: { metric: string; filter: string };
  /** Pipelines that look at all epochs of an item at once (majority vote), applied when a run is summed up. */
  collective: readonly string[];
  score(subject: Scorable, response: ModelResponse): Promise<Scored>;
  /** A sample that has no response because of a limit: counted as the denominator policy says. */
  withoutResponse(outcome: Outcome, fields: ScoringFields): Scored;
  /** Values of the collective pipelines for all responses of an item. */
  scoreTogether(subject: Scorable, responses: string[]): Promise<MetricValue[]>;
}

const wholeResponse: Pipeline = { id: "none", steps: [{ use: "take-first" }] };
const collectiveSteps = new Set(["majority", "take-first-k"]);

/** Compiles extraction and metrics of a protocol. */
export function compileScorer(protocol: Protocol, grade: Grade | null): Scorer {
  const metrics = protocol.metrics.map((spec) => compileMetric(spec));
  const pipelines = protocol.extract.length > 0 ? protocol.extract : [wholeResponse];
  const isCollective = (pipeline: Pipeline) =>
    protocol.epochs > 1 && pipeline.steps.some((step) => collectiveSteps.has(step.use));
  const compiled = pipelines.map((pipeline) => ({
    id: pipeline.id,
    collective: isCollective(pipeline),
    read: compilePipeline(pipeline),
  }));
  const single = compiled.filter((pipeline) => !pipeline.collective);
  // A pipeline over all epochs decides no single sample: then the first that reads one response says what became of it.
  const main = single.find(({ id }) => id === protocol.primary.filter) ?? single[0];
  const context = { protocol, metrics, grade, primary: main?.id ?? "none" };
  const readAll = (list: typeof compiled, subject: Scorable, responses: string[]) =>
    list.map(({ read }) =>
      read({
        responses,
        fields: { choices: subject.scoring.choices, document: subject.document },
        render: renderTemplate,
      }),
    );

  return {
    metrics,
    primary: { metric: protocol.primary.metric, filter: protocol.method === "generate" ? context.primary : "none" },
    collective: compiled.filter((pipeline) => pipeline.collective).map((pipeline) => pipeline.id),
    score: async (subject, response) => {
      if (protocol.method !== "generate") return scoreLikelihoods(context, subject, response);
      const answers = readAll(single, subject, [response.text ?? ""]);
      return scoreAnswers(context, subject, { response, answers });
    },
    withoutResponse: (outcome, fields) => {
      const policy = policyFor(protocol.denominator, outcome);
      const filters = protocol.method === "generate" ? single.map((pipeline) => pipeline.id) : ["none"];
      const values = filters.flatMap((filter) =>
        metrics.map((metric) => weighed(metric, fields, { filter, value: worth(policy, metric) })),
      );
      return { answers: [], values: outcome.kind === "errored" ? [] : values, outcome, grading: null };
    },
    scoreTogether: async (subject, responses) => {
      const answers = readAll(
        compiled.filter((pipeline) => pipeline.collective),
        subject,
        responses,
      );
      return (await valuesOf(context, subject, { answers, missing: protocol.denominator.unparsed, gradings: null }))
        .values;
    },
  };
}

function renderTemplate(source: string, variables: JsonObject): string {
  return compileTemplate(source).render(variables);
}

interface Context {
  protocol: Protocol;
  metrics: readonly Metric[];
  grade: Grade | null;
  primary: string;
}

async function scoreLikelihoods(
  { metrics, protocol }: Context,
  subject: Scorable,
  response: ModelResponse,
): Promise<Scored> {
  const all = response.likelihoods ?? [];
  const half = protocol.unconditional !== false ? all.length / 2 : all.length;
  const input = {
    answer: null,
    fields: subject.scoring,
    grading: null,
    likelihoods: all.slice(0, half),
    unconditional: protocol.unconditional !== false ? all.slice(half) : null,
  };
  const values: MetricValue[] = [];
  for (const metric of metrics) values.push(await measured(metric, input, "none"));
  return { answers: [], values, outcome: { kind: "scored", truncated: false }, grading: null };
}

async function scoreAnswers(
  context: Context,
  subject: Scorable,
  given: { response: ModelResponse; answers: ExtractedAnswer[] },
): Promise<Scored> {
  const { response, answers } = given;
  const main = answers.find((entry) => entry.filter === context.primary)?.answer ?? null;
  const outcome = outcomeOf(response, main);
  const gradings = await gradeAll(context, subject, answers);
  const grading = main === null ? null : (gradings?.get(main) ?? null);
  if (grading && grading.passed === null) {
    const error: Outcome = {
      kind: "errored",
      code: "SANDBOX_ERROR",
      message: typeof grading.message === "string" ? grading.message : "the sandbox gave no verdict",
      status: null,
      attempts: response.attempts,
    };
    return { answers, values: [], outcome: error, grading };
  }
  const missing = policyFor(context.protocol.denominator, outcomeOf(response, null));
  const { values } = await valuesOf(context, subject, { answers, missing, gradings });
  return { answers, values, outcome, grading };
}

type Gradings = Map<string, Awaited<ReturnType<Grade>>>;

/** Judges every different answer once, the ones of further pipelines too. */
async function gradeAll(
  { grade }: Context,
  subject: Scorable,
  answers: readonly ExtractedAnswer[],
): Promise<Gradings | null> {
  if (!grade) return null;
  const different = new Set(answers.map((entry) => entry.answer).filter((answer) => answer !== null));
  return new Map(
    await Promise.all([...different].map(async (answer) => [answer, await grade(answer, subject)] as const)),
  );
}

interface Given {
  answers: ExtractedAnswer[];
  missing: "wrong" | "excluded";
  gradings: Gradings | null;
}

async function valuesOf({ metrics }: Context, subject: Scorable, given: Given): Promise<{ values: MetricValue[] }> {
  const values: MetricValue[] = [];
  for (const { filter, answer } of given.answers) {
    for (const metric of metrics) {
      const grading = answer === null ? null : (given.gradings?.get(answer) ?? null);
      const input = { answer, fields: subject.scoring, likelihoods: null, unconditional: null, grading };
      values.push(
        answer === null
          ? unanswered(metric, input, { filter, missing: given.missing })
          : await measured(metric, input, filter),
      );
    }
  }
  return { values };
}

async function measured(metric: Metric, input: ScoreInput, filter: string): Promise<MetricValue> {
  const value = weighed(metric, input.fields, { filter, value: await metric.score(input) });
  const detail = metric.together?.detail(input);
  return detail ? { ...value, detail: [...detail] } : value;
}

/** Where no answer counts as a wrong one, it counts as an empty one in a statistic over all samples. */
function unanswered(
  metric: Metric,
  input: ScoreInput,
  { filter, missing }: { filter: string; missing: "wrong" | "excluded" },
): MetricValue {
  const value = weighed(metric, input.fields, { filter, value: worth(missing, metric) });
  const detail = missing === "wrong" ? metric.together?.detail({ ...input, answer: "" }) : null;
  return detail ? { ...value, detail: [...detail] } : value;
}

function weighed(metric: Metric, fields: ScoringFields, given: { filter: string; value: number | null }): MetricValue {
  return { metric: metric.id, ...given, ...(metric.weight ? { weight: metric.weight(fields) } : {}) };
}

/**
 * What a sample without an answer is worth where it counts as wrong. Of a metric that is better the lower it is (perplexity,
 * Brier score) 0 would be the best value, and there is no worst one: such a sample has none.
 */
function worth(policy: "wrong" | "excluded", { lowerIsBetter }: Metric): number | null {
  return policy === "wrong" && !lowerIsBetter ? 0 : null;
}

/** What became of a response in which the deciding pipeline read `answer`. */
function outcomeOf(response: ModelResponse, answer: string | null): Outcome {
  if (response.refusal !== null) return { kind: "refused", reason: response.refusal };
  if (answer !== null) return { kind: "scored", truncated: response.finishReason === "length" };
  if (response.finishReason === "content_filter") return { kind: "refused", reason: "content_filter" };
  if (response.finishReason === "length") return { kind: "limited", limit: "tokens" };
  return { kind: "unparsed" };
}

function policyFor(policy: DenominatorPolicy, outcome: Outcome): "wrong" | "excluded" {
  if (outcome.kind === "refused") return policy.refused;
  if (outcome.kind === "limited") return policy.limited;
  return policy.unparsed;
}
