import { basename } from "node:path";
import type { ItemRow, Model, ModelCall, ModelRequest, ModelResponse } from "../../contracts/index.ts";
import { type RecordedResponse, type ReplayFile, readReplayFile } from "../embedded/replay-file.ts";
import { ModelCallError } from "../model-call-error.ts";
import type { Provider } from "../open-model.ts";
import { cutAtStop, responseOf, stopsOf } from "../response.ts";

/** Responses made elsewhere: `{item, epoch?, response}` a line, `{item, logprobs: […]}`, or lm-evaluation-harness samples. */
export const provider: Provider = {
  name: "replay",
  summary: "responses from a JSONL file",
  env: [],
  open: async (path) => new Replay(path, await readReplayFile(path)),
};

class Replay implements Model {
  readonly id: string;
  readonly provider = "replay";
  readonly name: string;
  readonly baseUrl = null;
  readonly capabilities: Model["capabilities"];
  readonly options: { sha256: string };
  readonly embedded = true;
  readonly #responses: ReplayFile["responses"];

  constructor(path: string, { sha256, responses }: ReplayFile) {
    // The folder says nothing about the responses, and may say too much about its owner.
    this.name = basename(path);
    this.id = `replay/${this.name}`;
    this.options = { sha256 };
    this.#responses = responses;
    const hasLikelihoods = responses.values().some((entry) => entry.likelihoods !== null);
    this.capabilities = { chat: true, text: true, likelihood: hasLikelihoods, rolling: hasLikelihoods };
  }

  covers(call: Pick<ModelCall, "item" | "epoch" | "row">): boolean {
    return this.#find(call) !== undefined;
  }

  async respond(call: ModelCall): Promise<ModelResponse> {
    const { item, epoch, request } = call;
    const found = this.#find(call);
    const lack = found ? lackOf(found, request) : "no response";
    if (!found || lack !== null) {
      throw new ModelCallError("missing", {
        what: `${this.name} has ${lack} for item ${item}${epoch > 0 ? `, epoch ${epoch}` : ""}.`,
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

  /** By id, by the number at the end of the id (`17` is also `test/17`), or by the row's number where its text agrees. */
  #find({ item, epoch, row }: Pick<ModelCall, "item" | "epoch" | "row">): RecordedResponse | undefined {
    const last = item.slice(item.lastIndexOf("/") + 1);
    const named = this.#responses.get(`${epoch}\n${item}`) ?? this.#responses.get(`${epoch}\n${last}`);
    if (named) return named;
    const numbered = this.#responses.get(`${epoch}\nrow ${row?.index ?? last}`);
    const isSame = !row || numbered?.document?.id === item || (numbered && isOfRow(numbered, row));
    return isSame ? numbered : undefined;
  }
}

/** The longest text that both know the row by is the same: the numbers of another task, or of a part of it, mean other rows. */
function isOfRow({ document }: RecordedResponse, { columns }: ItemRow): boolean {
  const shared = Object.entries(document ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && typeof columns[entry[0]] === "string",
  );
  const [longest] = shared.sort(([, left], [, right]) => right.length - left.length);
  return longest === undefined || columns[longest[0]] === longest[1];
}

/** What is missing of a response to serve as an answer to a request. */
function lackOf({ text, likelihoods }: RecordedResponse, request: ModelRequest): string | null {
  if (request.kind === "chat" || request.kind === "text") return text === null ? "log-probabilities only" : null;
  const wanted = request.kind === "rolling" ? 1 : request.continuations.length;
  if (likelihoods === null) return "a text only";
  return likelihoods.length === wanted ? null : `${likelihoods.length} log-probabilities instead of ${wanted}`;
}
