import { InputError, type JsonObject, type ModelRequest } from "../../contracts/index.ts";
import { comparabilityDifferences } from "../../record/index.ts";
import { type Planned, type Prepared, planRequests, prepare } from "../../run/index.ts";
import type { Options } from "../flags.ts";
import { resolveAll } from "../references.ts";
import { showDiff } from "../show-diff.ts";
import { showParts, showText } from "../show-text.ts";
import type { Terminal } from "../terminal.ts";

/** A setup needs some model; what is shown doesn't depend on it. */
const noModel = { provider: "none", name: "none", baseUrl: null, options: {} };

/** `assay show`: exactly what would be sent for one item, and how the answer will be read. */
export async function run([reference = ""]: string[], options: Options, terminal: Terminal): Promise<number> {
  const shown = await showOne(reference, options);
  if (options.diff === undefined) {
    if (options.json) terminal.json(showJson(shown));
    else terminal.print(showText(partsOf(shown)));
    return 0;
  }
  const other = await showOne(options.diff, options);
  const differences = comparabilityDifferences(shown.prepared.setup, other.prepared.setup).map(({ path }) => path);
  if (options.json) terminal.json({ left: showJson(shown), right: showJson(other), differences });
  else terminal.print(showDiff(partsOf(shown), partsOf(other), differences));
  return 0;
}

interface Shown {
  prepared: Prepared;
  planned: Planned;
}

async function showOne(reference: string, options: Options): Promise<Shown> {
  const {
    resolved: [resolved],
  } = resolveAll([reference], options);
  if (!resolved) throw new Error("nothing resolved");
  const prepared = await prepare(resolved, noModel);
  let position = 0;
  let first = "";
  for await (const planned of planRequests(prepared)) {
    if (planned.epoch > 0) continue;
    first ||= planned.item.id;
    if (planned.item.id === options.item || String(position) === options.item) return { prepared, planned };
    position += 1;
  }
  throw new InputError({
    code: "ITEM_UNKNOWN",
    what: `${reference} has no item ${JSON.stringify(options.item)}.`,
    why: `It has ${prepared.items} items, from 0 to ${prepared.items - 1}; their ids look like ${JSON.stringify(first)}.`,
    fix: "Name a position or an id: --item 3",
  });
}

const partsOf = ({ prepared, planned }: Shown) => showParts(prepared, planned);

function showJson({ planned }: Shown): unknown {
  const { request, item, scoring, shots } = planned;
  return { item: item.id, request: requestJson(request), target: scoring.target, shots };
}

function requestJson(request: ModelRequest): JsonObject {
  const { kind } = request;
  if (kind === "chat" || kind === "text") return { ...request } as unknown as JsonObject;
  return { ...request, stop: [], parameters: {} } as unknown as JsonObject;
}
