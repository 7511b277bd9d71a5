import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { InputError, type Likelihood, type Model, type ModelCall, type ModelResponse } from "../../contracts/index.ts";
import { ModelCallError } from "../model-call-error.ts";
import type { Provider } from "../open-model.ts";
import { cutAtStop, responseOf, stopsOf } from "../response.ts";

/** Responses made elsewhere: `{item, epoch?, response}` a line, `{item, logprobs: […]}`, or lm-evaluation-harness samples. */
export const provider: Provider = {
  name: "replay",
  summary: "responses from a JSONL file",
  env: [],
  open: async (path) => {
    if (!existsSync(path))
      throw new InputError({
        code: "REPLAY_MISSING",
        what: `There is no file ${path} to replay.`,
        fix: "Name a JSONL file: --model replay/path/to/answers.jsonl",
      });
    return new Replay(path, createHash("sha256").update(readFileSync(path)).digest("hex"), await readReplay(path));
  },
};

interface Recorded {
  text: string | null;
  likelihoods: Likelihood[] | null;
}

class Replay implements Model {
  readonly id: string;
  readonly provider = "replay";
  readonly name: string;
  readonly baseUrl = null;
  readonly capabilities: Model["capabilities"];
  readonly options: { sha256: string };
  readonly embedded = true;
  readonly #recorded: Map<string, Recorded>;

  constructor(path: string, sha256: string, recorded: Map<string, Recorded>) {
    // The folder says nothing about the responses, and may say too much about its owner.
    this.name = basename(path);
    this.id = `replay/${this.name}`;
    this.options = { sha256 };
    this.#recorded = recorded;
    const hasLikelihoods = recorded.values().some((entry) => entry.likelihoods !== null);
    this.capabilities = { chat: true, text: true, likelihood: hasLikelihoods, rolling: hasLikelihoods };
  }

  async respond({ item, epoch, request }: ModelCall): Promise<ModelResponse> {
    const found = this.#recorded.get(keyOf(item, epoch)) ?? this.#recorded.get(keyOf(rowOf(item), epoch));
    if (!found) {
      throw new ModelCallError("missing", {
        what: `${this.name} has no response for item ${item}${epoch > 0 ? `, epoch ${epoch}` : ""}.`,
        fix: 'Add a line {"item": …, "response": …}.',
      });
    }
    const generated = { text: found.text, finishReason: found.text === null ? null : ("stop" as const) };
    return responseOf({
      ...cutAtStop(generated, stopsOf({ request })),
      likelihoods: found.likelihoods,
      latency: { firstByteMs: null, totalMs: 0 },
    });
  }
}

const keyOf = (item: string, epoch: number): string => `${epoch}\n${item}`;

/** Files of others know an item by its row number: `test/17` is also `17`. */
const rowOf = (item: string): string => item.slice(item.lastIndexOf("/") + 1);

async function readReplay(path: string): Promise<Map<string, Recorded>> {
  const recorded = new Map<string, Recorded>();
  const file = createReadStream(path);
  const input = path.endsWith(".gz") ? file.pipe(createGunzip()) : file;
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === "") continue;
    for (const { item, epoch, entry } of parseLine(line, `${path}:${number}`)) {
      const key = keyOf(item, epoch);
      const before = recorded.get(key);
      if (before && JSON.stringify(before) !== JSON.stringify(entry)) {
        throw new InputError({
          code: "REPLAY_REPEATED",
          what: `${path}:${number}: item ${item}, epoch ${epoch} has a second, different response.`,
          fix: 'Keep one of them, or give them different epochs: {"item": …, "epoch": 1, …}.',
        });
      }
      recorded.set(key, entry);
    }
  }
  return recorded;
}

interface Line {
  item: string;
  epoch: number;
  entry: Recorded;
}

function parseLine(line: string, where: string): Line[] {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line) as Record<string, unknown>;
  } catch (cause) {
    throw new InputError({
      code: "REPLAY_MALFORMED",
      what: `${where}: not JSON.`,
      why: cause instanceof Error ? cause.message : String(cause),
      fix: "Every line must be one JSON object.",
      cause,
    });
  }
  if (value.doc_id !== undefined && Array.isArray(value.resps)) return lmEvalSample(value);
  const { item, epoch = 0, response, logprobs } = value;
  if (
    (typeof item !== "string" && typeof item !== "number") ||
    typeof epoch !== "number" ||
    (typeof response !== "string" && !Array.isArray(logprobs))
  ) {
    throw new InputError({
      code: "REPLAY_MALFORMED",
      what: `${where}: a line needs "item" and "response" (a text) or "logprobs" (a list).`,
      why: `It has ${Object.keys(value).join(", ") || "nothing"}.`,
      fix: 'For example: {"item": "test/0", "response": "The answer is 4."}',
    });
  }
  const entry = {
    text: typeof response === "string" ? response : null,
    likelihoods: Array.isArray(logprobs) ? logprobs.map((logprob) => likelihood(Number(logprob), null)) : null,
  };
  return [{ item: String(item), epoch, entry }];
}

function likelihood(logprob: number, greedy: boolean | null): Likelihood {
  return { logprob, tokens: null, greedy, straddled: false };
}

/** lm-evaluation-harness writes a sample once a filter; `resps` is the same on all of those lines. */
function lmEvalSample({ doc_id, resps }: Record<string, unknown>): Line[] {
  const item = String(doc_id);
  const requests = resps as unknown[][];
  const [first] = requests[0] ?? [];
  if (Array.isArray(first)) {
    const likelihoods = requests.map(([entry]) => {
      const [logprob, greedy] = entry as [unknown, unknown];
      return likelihood(Number(logprob), String(greedy) === "True" || greedy === true);
    });
    return [{ item, epoch: 0, entry: { text: null, likelihoods } }];
  }
  return (requests[0] ?? []).map((text, epoch) => ({ item, epoch, entry: { text: String(text), likelihoods: null } }));
}
