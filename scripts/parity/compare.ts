import type { Sample, Score } from "../../harness/contracts/index.ts";
import { splitContinuation } from "../../harness/prompt/index.ts";
import { promptKey } from "./answers.ts";
import type { ParityCase } from "./cases.ts";
import type { ReferenceId } from "./references.ts";
import type { LoggedRequest } from "./server.ts";

/** What the reference did, as its driver writes it. */
export interface TheirRun {
  id: string;
  version: string;
  error?: string;
  scores: Record<string, number>;
  /** Means of lm-eval's groups, by group and score. */
  groups?: Record<string, Record<string, number>>;
  samples: {
    doc: number | string;
    /** Inspect: messages of the request, by which its samples find ours; it may ask in another order. */
    asked?: string;
    filter: string;
    arguments: [string, string | Record<string, unknown>][];
    answers: unknown[];
    metrics: Record<string, unknown>;
  }[];
}

/** What we did. */
export interface OurRun {
  samples: Sample[];
  scores: Score[];
}

/** Differences of one kind; `compared`: how many there were to compare. */
export interface Comparison {
  compared: number;
  differences: string[];
}

export interface CaseResult {
  id: string;
  reference: ReferenceId;
  /** All items of the task were compared. */
  complete: boolean;
  note: string;
  items: number;
  requests: Comparison;
  answers: Comparison;
  scores: Comparison;
}

/** lm-eval's chat client sends the first four stops of a task and drops the rest, whatever the server takes. */
const stopsOfTheirChats = 4;

/** The multisets of requests that went over the wire, byte for byte. */
export function compareRequests(ours: readonly LoggedRequest[], theirs: readonly LoggedRequest[]): Comparison {
  const left = new Map<string, number>();
  for (const request of theirs) count(left, JSON.stringify(request), 1);
  for (const request of ours) {
    const sent = request.kind === "chat" ? { ...request, stop: request.stop.slice(0, stopsOfTheirChats) } : request;
    count(left, JSON.stringify(sent), -1);
  }
  const remaining = (sign: number) =>
    [...left].flatMap(([text, times]) => Array<LoggedRequest>(Math.max(0, sign * times)).fill(JSON.parse(text)));
  return { compared: theirs.length, differences: paired(remaining(-1), remaining(1)) };
}

function count(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

/** What is left over on both sides, each beside the one whose end it shares longest. */
function paired(ours: LoggedRequest[], theirs: LoggedRequest[]): string[] {
  const rest = [...ours];
  const differences = theirs.map((their) => {
    const best = rest.toSorted((a, b) => commonEnd(b.prompt, their.prompt) - commonEnd(a.prompt, their.prompt))[0];
    if (!best) return `only they ask ${clip(JSON.stringify(their))}`;
    rest.splice(rest.indexOf(best), 1);
    return requestDifference(best, their);
  });
  return [...differences, ...rest.map((our) => `only we ask ${clip(JSON.stringify(our))}`)];
}

function commonEnd(a: string, b: string): number {
  let length = 0;
  while (length < Math.min(a.length, b.length, 4000) && a.at(-1 - length) === b.at(-1 - length)) length += 1;
  return length;
}

function requestDifference(our: LoggedRequest, their: LoggedRequest): string {
  const fields = (["kind", "stop", "maxTokens", "temperature"] as const)
    .filter((field) => JSON.stringify(our[field]) !== JSON.stringify(their[field]))
    .map((field) => `${field} ours ${JSON.stringify(our[field])}, theirs ${JSON.stringify(their[field])}`);
  if (our.prompt !== their.prompt) fields.push(textDifference(our.prompt, their.prompt));
  return fields.join("; ");
}

/** Where two texts part, with what stands around that place. */
function textDifference(our: string, their: string): string {
  let at = 0;
  while (at < Math.min(our.length, their.length) && our[at] === their[at]) at += 1;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 40), at + 60));
  return `from character ${at} of ${our.length} (theirs ${their.length}): ours ${around(our)}, theirs ${around(their)}`;
}

/** Contexts and continuations by item, and what each filter read out of each response. */
export function compareAnswers(
  ours: OurRun,
  theirs: TheirRun,
  { scoresOnly }: Pick<ParityCase, "scoresOnly">,
): Comparison {
  if (scoresOnly) return { compared: 0, differences: [] };
  const differences: string[] = [];
  let compared = 0;
  for (const [filter, list] of Object.entries(Object.groupBy(theirs.samples, (sample) => sample.filter))) {
    for (const [index, their] of (list ?? []).entries()) {
      const our = ours.samples[index];
      compared += 1;
      const found = our ? sampleDifference(our, their, filter) : "we have no such item";
      if (found) differences.push(`item ${index}, ${filter}: ${found}`);
    }
  }
  return { compared, differences };
}

function sampleDifference(our: Sample, their: TheirRun["samples"][number], filter: string): string | undefined {
  const { request } = our;
  if (request.kind === "likelihood") {
    const pairs = request.continuations.map((text, index) =>
      splitContinuation(request.prompts?.[index] ?? request.prompt, text),
    );
    const wanted = their.arguments.map(([context, text]) => splitContinuation(context, text as string));
    const [mine, theirs] = [JSON.stringify(pairs), JSON.stringify(wanted)];
    return mine === theirs ? undefined : textDifference(mine, theirs);
  }
  const found = our.answers.find((answer) => answer.filter === filter)?.answer ?? null;
  const first = their.answers[0];
  const wanted = Array.isArray(first) ? first[0] : first;
  if (found === wanted || (found === null && ["", "[invalid]", "invalid", "[fallback]"].includes(wanted as string)))
    return undefined;
  return `we read ${JSON.stringify(found)}, they ${JSON.stringify(wanted)} in ${clip(JSON.stringify(our.response?.text ?? null))}`;
}

const tolerance = 1e-9;

/** Every score that they give, those of groups among them, and its values item by item. */
export function compareScores(
  ours: OurRun,
  theirs: TheirRun,
  how: Pick<ParityCase, "metrics" | "scoresOnly" | "groups">,
): Comparison {
  const nameOf = (metric: string) => (how.metrics?.[metric] === undefined ? metric : how.metrics[metric]);
  const wanted = wantedScores(theirs, how).filter(
    ({ name }) => name.includes(",") && !name.includes("_stderr") && nameOf(name.split(",")[0] ?? "") !== null,
  );
  const differences: string[] = [];
  for (const { name, group, value } of wanted) {
    const [metric = "", filter = ""] = name.split(",");
    const score = ours.scores.find(
      (one) => one.group === group && one.metric === nameOf(metric) && one.filter === filter,
    );
    if (!isClose(score?.value, value))
      differences.push(`${group}, ${name}: ours ${score?.value ?? "missing"}, theirs ${value}`);
  }
  const items = how.scoresOnly ? [] : itemDifferences(ours, theirs, nameOf);
  return { compared: wanted.length, differences: [...differences, ...items] };
}

/** Their scores by the group of ours that they belong to: those of the whole task, or of lm-eval's groups. */
function wantedScores(theirs: TheirRun, { groups }: Pick<ParityCase, "groups">) {
  const listed = (scores: Record<string, number>, group: string) =>
    Object.entries(scores).map(([name, value]) => ({ name, group, value }));
  if (!groups) return listed(theirs.scores, "all");
  return Object.entries(groups).flatMap(([name, group]) => {
    const scores = theirs.groups?.[name];
    return scores ? listed(scores, group) : [{ name: `${name},`, group, value: Number.NaN }];
  });
}

/** Their samples in the order of ours, by what was asked; those that we didn't ask come last. */
export function inOurOrder(ours: OurRun, theirs: TheirRun): TheirRun {
  if (theirs.samples.every(({ asked }) => asked === undefined)) return theirs;
  const byPrompt = Map.groupBy(theirs.samples, ({ asked }) => asked);
  const found = ours.samples.map((sample) => byPrompt.get(promptKey(sample))?.shift());
  const nothing = { doc: "", filter: "", arguments: [], answers: [], metrics: {} };
  return { ...theirs, samples: [...found.map((sample) => sample ?? nothing), ...[...byPrompt.values()].flat()] };
}

function isClose(ours: number | null | undefined, theirs: number): boolean {
  return typeof ours === "number" && Math.abs(ours - theirs) <= tolerance;
}

/** Values item by item: equal means that are made of unequal values would be luck. */
function itemDifferences(ours: OurRun, theirs: TheirRun, nameOf: (metric: string) => string | null): string[] {
  const differences: string[] = [];
  for (const [filter, list] of Object.entries(Object.groupBy(theirs.samples, (sample) => sample.filter))) {
    for (const [index, their] of (list ?? []).entries()) {
      for (const [metric, value] of Object.entries(their.metrics)) {
        const name = nameOf(metric);
        if (typeof value !== "number" || name === null) continue;
        const our = ours.samples[index]?.values.find((one) => one.metric === name && one.filter === filter)?.value;
        if (!isClose(our, value))
          differences.push(`item ${index} ${metric},${filter}: ours ${our ?? "missing"}, theirs ${value}`);
      }
    }
  }
  return differences;
}

function clip(text: string): string {
  return text.length > 600 ? `${text.slice(0, 300)} … ${text.slice(-300)}` : text;
}
