import { InputError, type Model, type ModelCall } from "../contracts/index.ts";
import type { ChatTemplate } from "../prompt/index.ts";

/**
 * A completions model that takes chat messages: the template turns them into the text that is sent.
 *
 * The text is sent as the template writes it, its BOS token included; a server that puts one before every prompt must be
 * told not to (vLLM: `--set generate.extra.add_special_tokens=false`).
 *
 * @throws InputError `CHAT_TEMPLATE_UNUSED` for a model that takes messages itself, or no text
 */
export function withChatTemplate(model: Model, template: ChatTemplate): Model {
  if (model.capabilities.chat || !model.capabilities.text || model.embedded) {
    throw new InputError({
      code: "CHAT_TEMPLATE_UNUSED",
      what: `--chat-template can't be applied to ${model.id}.`,
      why: model.capabilities.chat
        ? "Its endpoint takes chat messages and applies its own template."
        : "It takes no text prompts.",
      fix: "Use completions/<model>, or leave --chat-template out.",
    });
  }
  const asText = (call: ModelCall): ModelCall => {
    if (call.request.kind !== "chat") return call;
    const { messages, stop, parameters } = call.request;
    return { ...call, request: { kind: "text", prompt: template.apply(messages), stop, parameters } };
  };
  return {
    id: model.id,
    provider: model.provider,
    name: model.name,
    baseUrl: model.baseUrl,
    options: model.options,
    embedded: false,
    capabilities: { ...model.capabilities, chat: true },
    chatTemplateSha256: template.sha256,
    ...(model.cacheKey ? { cacheKey: (call: ModelCall) => model.cacheKey?.(asText(call)) ?? null } : {}),
    respond: (call, context) => model.respond(asText(call), context),
    ...(model.close ? { close: () => model.close?.() ?? Promise.resolve() } : {}),
  };
}
