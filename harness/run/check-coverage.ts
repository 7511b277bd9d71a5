import { InputError, type Model } from "../contracts/index.ts";
import type { Prepared } from "./prepare.ts";

/** For how many samples of a run a model has an answer. */
export interface Coverage {
  covered: number;
  total: number;
}

/**
 * Looks whether a model that has only recorded answers has any for a run.
 *
 * @returns undefined for a model that answers whatever it is asked
 * @throws InputError `REPLAY_MATCHES_NOTHING` with an id as the task writes it
 */
export async function checkCoverage(prepared: Prepared, model: Model): Promise<Coverage | undefined> {
  if (!model.covers) return undefined;
  const { task, protocol } = prepared.resolved;
  const coverage = { covered: 0, total: prepared.items * protocol.epochs };
  let example = "";
  for await (const { id, row, document } of prepared.read()) {
    example ||= id;
    for (let epoch = 0; epoch < protocol.epochs; epoch += 1)
      if (model.covers({ item: id, epoch, row: { index: row, columns: document } })) coverage.covered += 1;
  }
  if (coverage.covered > 0) return coverage;
  throw new InputError({
    code: "REPLAY_MATCHES_NOTHING",
    what: `${model.name} has a response to none of the ${coverage.total} samples of ${task.id}@${protocol.id}.`,
    why: `Ids of this task look like ${JSON.stringify(example)}; samples of lm-evaluation-harness are found by their row and its text.`,
    fix: `Write them as {"item": ${JSON.stringify(example)}, "response": …}, or name the task that they answer.`,
  });
}
