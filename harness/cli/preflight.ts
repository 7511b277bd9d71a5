import { InputError, type Model, type ModelCapabilities, ProblemsError } from "../contracts/index.ts";
import { checkCoverage, type Prepared } from "../run/index.ts";
import type { Resolved } from "../task/index.ts";
import type { Terminal } from "./terminal.ts";

const needs: Record<keyof ModelCapabilities, string> = {
  chat: "chat messages",
  text: "plain text prompts",
  likelihood: "log-likelihoods of given continuations",
  rolling: "the log-likelihood of whole texts",
};

/** Says why a model can't be asked under a protocol, and what to use instead. */
export function capabilityProblem({ task, protocol, protocols }: Resolved, model: Model): InputError | undefined {
  const wanted =
    protocol.method === "perplexity" ? "rolling" : protocol.method === "generate" ? protocol.layout : "likelihood";
  if (model.capabilities[wanted]) return undefined;
  const others = protocols.filter((id) => id !== protocol.id);
  const elsewhere = `another protocol of ${task.id}${others.length > 0 ? `: ${others.join(", ")}` : ""}.`;
  if (model.provider === "replay")
    return new InputError({
      code: "CAPABILITY_MISSING",
      what: `${task.id}@${protocol.id} needs ${needs[wanted]}, and ${model.name} holds none.`,
      fix: `Name a file with log-probabilities, or ${elsewhere}`,
    });
  return new InputError({
    code: "CAPABILITY_MISSING",
    what: `${task.id}@${protocol.id} needs ${needs[wanted]}, and ${model.id} can't give them.`,
    why:
      wanted === "chat"
        ? "It takes text only."
        : "Its endpoint takes chat messages only, or gives no probabilities of given text.",
    fix: `${wanted === "chat" ? "Use a chat model" : "Use completions/<model> (an OpenAI-compatible /completions endpoint with echo and logprobs)"}, or ${elsewhere}`,
  });
}

/** Says for which samples recorded answers are missing. @throws ProblemsError, InputError where there is none for a whole task */
export async function sayCoverage(
  prepared: readonly Prepared[],
  models: readonly Model[],
  terminal: Terminal,
): Promise<void> {
  const problems: InputError[] = [];
  for (const model of models) {
    for (const one of prepared) {
      try {
        const coverage = await checkCoverage(one, model);
        if (!coverage || coverage.covered === coverage.total) continue;
        const [covered, total] = [coverage.covered, coverage.total].map((count) => count.toLocaleString("en"));
        terminal.say(
          `! ${model.name} has responses to ${covered} of the ${total} samples of ${one.setup.task.id}; the others can't be scored.`,
        );
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        problems.push(error);
      }
    }
  }
  if (problems.length > 1) throw new ProblemsError(problems);
  if (problems[0]) throw problems[0];
}
