import type { Client } from "../model/index.ts";
import { type Estimate, estimate, type Prepared } from "../run/index.ts";
import type { Options } from "./flags.ts";
import { counted, formatCost, formatSeconds } from "./format.ts";

/** One entry of `run --dry-run --json`. */
export interface Plan extends Estimate {
  task: string;
  protocol: string;
  model: string;
  runId: string;
  items: number;
}

/** What a run would ask and take. */
export async function planJson(
  prepared: Prepared,
  { client, options }: { client: Client; options: Options },
): Promise<Plan> {
  const { task, protocol, model } = prepared.setup;
  const { results, concurrency, rpm, tpm } = options;
  return {
    task: task.id,
    protocol: protocol.id,
    model: `${model.provider}/${model.name}`,
    runId: prepared.runId,
    items: prepared.items,
    ...(await estimate(prepared, { results, client, pace: { concurrency, rpm, tpm } })),
  };
}

/** The same for a person. */
export function renderPlan(plan: Plan): string {
  const { time, outputTokens: output } = plan;
  const upTo = output === null || output === 0 ? "" : "at most ";
  const out = output === null ? ", no limit out" : output === 0 ? "" : `, at most ${output.toLocaleString("en")} out`;
  return [
    `${plan.task}@${plan.protocol} · ${plan.model}`,
    `  ${counted(plan.items, "item")}: ${counted(plan.requests, "request")} to make, ${counted(plan.cached, "sample")} cached, ${plan.finished.toLocaleString("en")} finished already`,
    `  about ${counted(plan.inputTokens, "token")} in${out} (${plan.basis})`,
    `  ${plan.cost.value ? upTo : ""}${formatCost(plan.cost)}`,
    `  ${time.seconds === null ? "time unknown" : `about ${formatSeconds(time.seconds)}`} (${time.basis})`,
    `  ${plan.runId}`,
  ].join("\n");
}
