import { createHash } from "node:crypto";
import { InputError, type Message } from "../contracts/index.ts";
import { compileTemplate } from "./jinja/compile.ts";
import { TemplateError } from "./jinja/template-error.ts";

/** A model's chat template, ready to turn messages into the text that a completions endpoint takes. */
export interface ChatTemplate {
  /** Of the template's text. */
  sha256: string;
  /**
   * The prompt for these messages. An assistant message at the end is begun, not finished: the text stops behind it.
   *
   * @throws TemplateError where the template refuses the messages
   */
  apply(messages: readonly Message[]): string;
}

/** Renders a chat template with the functions that templates of models expect. */
export function renderChat(template: string, variables: Record<string, unknown>): string {
  return compileTemplate(template, { chat: true }).render({
    raise_exception: ({ positional }: { positional: unknown[] }) => {
      throw new TemplateError("TEMPLATE_FAILED", `The chat template refuses: ${String(positional[0])}`);
    },
    ...variables,
  });
}

/**
 * Reads the chat template out of a `tokenizer_config.json`.
 *
 * @param config - the file's content
 * @param options - `path` for messages; `name`: which of several templates, `default` unless said
 * @throws InputError `CHAT_TEMPLATE_MISSING` where there is none of that name, or the file is no such configuration
 */
export function parseChatTemplate(config: string, options: { path: string; name?: string }): ChatTemplate {
  const parsed = parseConfig(config, options.path);
  const source = sourceOf(parsed.chat_template, options.name ?? "default");
  if (source === undefined)
    throw new InputError({
      code: "CHAT_TEMPLATE_MISSING",
      what: `${options.path} has no chat template.`,
      why: 'It is looked for in the field "chat_template", a text or a list of {name, template}.',
      fix: "Use the tokenizer_config.json of an instruction-tuned model, or leave --chat-template out.",
    });
  const tokens = { bos_token: tokenText(parsed.bos_token), eos_token: tokenText(parsed.eos_token) };
  return {
    sha256: createHash("sha256").update(source).digest("hex"),
    apply: (messages) => applyTemplate(source, tokens, messages),
  };
}

function parseConfig(text: string, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {}
  throw new InputError({
    code: "CHAT_TEMPLATE_MISSING",
    what: `${path} is no JSON object.`,
    fix: "Name a model's tokenizer_config.json.",
  });
}

function sourceOf(field: unknown, name: string): string | undefined {
  if (typeof field === "string") return field;
  if (!Array.isArray(field)) return undefined;
  return field.find((entry) => entry?.name === name)?.template;
}

/** Special tokens are texts, or objects that hold one. */
function tokenText(token: unknown): string {
  if (typeof token === "string") return token;
  const content = (token as { content?: unknown } | null | undefined)?.content;
  return typeof content === "string" ? content : "";
}

function applyTemplate(source: string, tokens: Record<string, string>, messages: readonly Message[]): string {
  const last = messages.at(-1);
  const isBegun = last?.role === "assistant";
  const text = renderChat(source, {
    ...tokens,
    messages: messages.map((message) => ({ ...message })),
    add_generation_prompt: !isBegun,
  });
  if (!isBegun) return text;
  // As transformers does with continue_final_message: whatever the template puts behind the begun answer is left out.
  const begun = last.content.trimEnd();
  const at = text.lastIndexOf(begun);
  if (at < 0)
    throw new TemplateError("TEMPLATE_FAILED", "The chat template doesn't show the begun answer as it was given.");
  return text.slice(0, text.startsWith(last.content, at) ? at + last.content.length : at + begun.length);
}
