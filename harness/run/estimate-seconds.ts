import type { Setup } from "../contracts/index.ts";
import { listRuns } from "../record/index.ts";

/** Limits that the command line sets. */
export interface Pace {
  concurrency?: number | undefined;
  rpm?: number | undefined;
  tpm?: number | undefined;
}

/** How long something takes, and how that is known; `null`: it isn't. */
export interface Duration {
  seconds: number | null;
  basis: string;
}

interface Work {
  model: Setup["model"];
  samples: number;
  requests: number;
  tokens: number;
}

/** Requests at once that are assumed where the number adapts. */
const usualConcurrency = 16;

/** Estimates from an earlier run of the same model and from `--rpm` and `--tpm`; the slowest of them decides. */
export async function estimateSeconds(work: Work, options: { results: string; pace: Pace }): Promise<Duration> {
  if (work.samples === 0) return { seconds: 0, basis: "nothing is left to ask" };
  const { rpm, tpm, concurrency = usualConcurrency } = options.pace;
  const known: { seconds: number; basis: string }[] = [];
  if (rpm !== undefined) known.push({ seconds: (60 * work.requests) / rpm, basis: `--rpm ${rpm}` });
  if (tpm !== undefined) known.push({ seconds: (60 * work.tokens) / tpm, basis: `--tpm ${tpm}, output at its limit` });
  const earlier = await earlierLatency(work.model, options.results);
  if (earlier)
    known.push({
      seconds: (work.samples * earlier.medianMs) / 1000 / concurrency,
      basis: `${Math.round(earlier.medianMs)} ms a sample in ${earlier.runId}, ${concurrency} at once`,
    });
  const [slowest] = known.sort((a, b) => b.seconds - a.seconds);
  return slowest ?? { seconds: null, basis: "no earlier run of this model, and no --rpm or --tpm" };
}

async function earlierLatency(
  model: Setup["model"],
  results: string,
): Promise<{ medianMs: number; runId: string } | undefined> {
  let newest: { medianMs: number; runId: string; at: string } | undefined;
  for await (const { record } of listRuns(results)) {
    const { provider, name, baseUrl } = record.setup.model;
    if (provider !== model.provider || name !== model.name || baseUrl !== model.baseUrl) continue;
    const medianMs = record.latency.total?.p50;
    if (medianMs === undefined || (newest && newest.at > record.startedAt)) continue;
    newest = { medianMs, runId: record.runId, at: record.startedAt };
  }
  return newest;
}
