import { InputError, type Model, nearestName } from "../contracts/index.ts";

export interface ModelOptions {
  /** Keys are read from here and nowhere else. */
  env: Readonly<Record<string, string | undefined>>;
  baseUrl?: string;
  timeoutMs?: number;
  /** Seed of the embedded baselines. @default 1234 */
  seed?: number;
}

/** What a provider's file exports. */
export interface Provider {
  name: string;
  summary: string;
  /** Environment variables that may hold its key, the first that is set counts; empty: none is needed. */
  env: readonly string[];
  open(name: string, options: ModelOptions): Model | Promise<Model>;
}

/** A provider's description without its code. */
export type ProviderInfo = Pick<Provider, "name" | "summary" | "env"> & { load(): Promise<{ provider: Provider }> };

/** Every provider. The code of one is imported when a model of it is opened. */
export const providers: readonly ProviderInfo[] = [
  {
    name: "openai",
    summary: "OpenAI-compatible /chat/completions",
    env: ["OPENAI_API_KEY"],
    load: () => import("./providers/openai.ts"),
  },
  {
    name: "completions",
    summary: "OpenAI-compatible /completions: text and log-likelihoods",
    env: ["OPENAI_API_KEY"],
    load: () => import("./providers/completions.ts"),
  },
  {
    name: "hf",
    summary: "Hugging Face inference providers",
    env: ["HF_TOKEN"],
    load: () => import("./providers/hf.ts"),
  },
  {
    name: "anthropic",
    summary: "Anthropic messages",
    env: ["ANTHROPIC_API_KEY"],
    load: () => import("./providers/anthropic.ts"),
  },
  {
    name: "google",
    summary: "Gemini",
    env: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    load: () => import("./providers/google.ts"),
  },
  {
    name: "baseline",
    summary: "embedded: random, first, longest, majority, ngram",
    env: [],
    load: () => import("./providers/baseline.ts"),
  },
  { name: "replay", summary: "responses from a JSONL file", env: [], load: () => import("./providers/replay.ts") },
];

/**
 * Opens `<provider>/<name>`.
 *
 * @throws InputError for an unknown provider, a missing key, an unusable base URL or file
 */
export async function openModel(id: string, options: ModelOptions): Promise<Model> {
  const slash = id.indexOf("/");
  const [providerName, name] = [id.slice(0, slash), id.slice(slash + 1)];
  const info = providers.find((entry) => entry.name === providerName);
  if (slash < 1 || name === "" || !info) {
    const names = providers.map((entry) => entry.name);
    const meant = nearestName(slash < 1 ? id : providerName, names);
    throw new InputError({
      code: "MODEL_UNKNOWN",
      what: `"${id}" names no model: it takes <provider>/<name>.`,
      fix: `${meant ? `Did you mean "${meant}/${slash < 1 || name === "" ? "…" : name}"? ` : ""}Providers: ${names.join(", ")}.`,
    });
  }
  if (options.baseUrl !== undefined && !URL.canParse(options.baseUrl)) {
    throw new InputError({
      code: "BASE_URL_INVALID",
      what: `--base-url ${options.baseUrl} is not a URL.`,
      fix: "For example: --base-url http://localhost:8000/v1",
    });
  }
  return (await info.load()).provider.open(name, options);
}

/** The first key that is set. @throws InputError `KEY_MISSING` naming the variable, unless the server is the user's own. */
export function keyFor(provider: Pick<Provider, "name" | "env">, options: ModelOptions): string | null {
  const key = provider.env.map((name) => options.env[name]).find((value) => value !== undefined && value !== "");
  if (key !== undefined) return key;
  if (options.baseUrl !== undefined) return null;
  throw new InputError({
    code: "KEY_MISSING",
    what: `${provider.env.join(" or ")} is not set.`,
    why: `${provider.name} needs a key.`,
    fix: `export ${provider.env[0]}=… (it is never written to a file), or name a server of your own with --base-url.`,
  });
}
