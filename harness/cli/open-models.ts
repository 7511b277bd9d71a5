import { readFileSync } from "node:fs";
import { type AssayError, InputError, type Model, ProblemsError } from "../contracts/index.ts";
import {
  Budget,
  type Client,
  openCache,
  openClient,
  openModel,
  type RetryEvent,
  withChatTemplate,
} from "../model/index.ts";
import { type ChatTemplate, parseChatTemplate } from "../prompt/index.ts";
import type { Options } from "./flags.ts";
import type { Terminal } from "./terminal.ts";

/** Opens every model of `--model`. @throws InputError, ProblemsError naming all that can't be opened */
export async function openModels(options: Options, terminal: Terminal): Promise<Model[]> {
  const ids = [...new Set(options.model ?? [])];
  if (ids.length === 0) {
    throw new InputError({
      code: "MODEL_MISSING",
      what: "No model is named.",
      fix: "Add --model <provider>/<name>, for example --model baseline/random (no key needed) or --model openai/gpt-4o-mini.",
    });
  }
  const problems: AssayError[] = [];
  const models: Model[] = [];
  const template = options.chatTemplate === undefined ? undefined : readChatTemplate(options.chatTemplate);
  for (const id of ids) {
    try {
      const model = await openModel(id, {
        env: terminal.env,
        timeoutMs: options.timeout * 1000,
        ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
        ...(options.seed === undefined ? {} : { seed: options.seed }),
      });
      models.push(template ? withChatTemplate(model, template) : model);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error);
    }
  }
  if (problems.length > 0) throw new ProblemsError(problems);
  return models;
}

/** @throws InputError `CHAT_TEMPLATE_MISSING` */
function readChatTemplate(path: string): ChatTemplate {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError({
      code: "CHAT_TEMPLATE_MISSING",
      what: `--chat-template ${path} can't be read.`,
      why: cause instanceof Error ? cause.message : String(cause),
      fix: "Name a model's tokenizer_config.json.",
      cause,
    });
  }
  return parseChatTemplate(text, { path });
}

/** Opens a client for each model, within one budget. @throws ProblemsError where `--max-cost` can't be kept */
export function openClients(
  models: readonly Model[],
  options: Options,
  onRetry: (model: Model, event: RetryEvent) => void,
): Client[] {
  const budget = new Budget({
    ...(options.maxRequests === undefined ? {} : { maxRequests: options.maxRequests }),
    ...(options.maxCost === undefined ? {} : { maxCost: options.maxCost }),
  });
  return models.map((model) =>
    openClient(model, {
      budget,
      retries: options.retries,
      cache: options.cache && !model.embedded ? openCache() : null,
      onRetry: (event) => onRetry(model, event),
      ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
      ...(options.rpm === undefined ? {} : { rpm: options.rpm }),
      ...(options.tpm === undefined ? {} : { tpm: options.tpm }),
      ...(options.price === undefined ? {} : { price: options.price }),
    }),
  );
}
