import { type GenerationParameters, generationSchema } from "../../contracts/index.ts";
import type { Translation } from "./expressions.ts";

/** Tokens that lm-eval's model classes generate at most where a task says nothing. */
const defaultMaxTokens = 256;
const maxTokenNames = ["max_gen_toks", "max_new_tokens", "max_tokens", "max_completion_tokens"];
/** Options of local libraries that change nothing in greedy decoding through an API. */
const withoutEffect = new Set(["until", "do_sample", "temperature", "top_p", "top_k", "num_beams", ...maxTokenNames]);

/** `generation_kwargs` as lm-eval's API models send them: temperature 0 unless one is given and `do_sample` isn't false. */
export function generationOf({ config, refusals }: Translation): GenerationParameters {
  const given = (config.generation_kwargs ?? {}) as Record<string, unknown>;
  const delimiter = typeof config.fewshot_delimiter === "string" ? config.fewshot_delimiter : "\n\n";
  for (const key of Object.keys(given)) {
    if (!withoutEffect.has(key))
      refusals.add("a configuration that lm-eval itself can't run", `generation_kwargs.${key}`);
  }
  if (Number(given.num_beams ?? 1) > 1)
    refusals.add(
      "a configuration that lm-eval itself can't run",
      "generation_kwargs.num_beams above 1: no API has beams",
    );
  const until = given.until === undefined || given.until === null ? [delimiter] : ([given.until].flat() as string[]);
  const maxTokens = maxTokenNames.map((name) => given[name]).find((value) => value !== undefined && value !== null);
  return generationSchema.parse({
    maxTokens: Number(maxTokens ?? defaultMaxTokens),
    temperature: given.do_sample === false ? 0 : Number(given.temperature ?? 0),
    ...(given.do_sample === false || given.top_p === undefined ? {} : { topP: Number(given.top_p) }),
    ...(given.do_sample === false || given.top_k === undefined ? {} : { topK: Number(given.top_k) }),
    stop: until.filter((stop) => stop !== ""),
  });
}
