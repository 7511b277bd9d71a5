import { InputError, type Model, type ModelCapabilities } from "../contracts/index.ts";
import type { Resolved } from "../task/index.ts";

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
  return new InputError({
    code: "CAPABILITY_MISSING",
    what: `${task.id}@${protocol.id} needs ${needs[wanted]}, and ${model.id} can't give them.`,
    why:
      wanted === "chat"
        ? "It takes text only."
        : "Its endpoint takes chat messages only, or gives no probabilities of given text.",
    fix: `${wanted === "chat" ? "Use a chat model" : "Use completions/<model> (an OpenAI-compatible /completions endpoint with echo and logprobs)"}, or another protocol of ${task.id}${others.length > 0 ? `: ${others.join(", ")}` : ""}.`,
  });
}
