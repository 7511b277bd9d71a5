import type { ModelRequest } from "../../contracts/index.ts";
import { planRequests } from "../plan.ts";
import type { Prepared } from "../prepare.ts";

const mostItems = 12;

/** What a protocol asks of the first item of each category (at most {@link mostItems}), byte for byte, for a golden file. */
export async function goldenText(prepared: Prepared): Promise<string> {
  const seen = new Set<string>();
  const parts: string[] = [];
  for await (const { item, request, scoring, shots, epoch } of planRequests(prepared)) {
    const category = Object.values(item.categories)[0] ?? item.id;
    if (epoch > 0 || seen.has(category) || seen.size >= mostItems) continue;
    seen.add(category);
    const facts = { shots, target: scoring.target, choices: scoring.choices };
    parts.push(`═══ ${item.id}\n${requestText(request)}\n─── ${JSON.stringify(facts)}\n`);
  }
  return parts.join("\n");
}

function requestText(request: ModelRequest): string {
  switch (request.kind) {
    case "chat":
      return `${request.messages.map(({ role, content }) => `─── ${role}\n${content}◁`).join("\n")}\n${sentWith(request)}`;
    case "text":
      return `─── prompt\n${request.prompt}◁\n${sentWith(request)}`;
    case "rolling":
      return `─── text\n${request.text}◁`;
    case "likelihood":
      return likelihoodText(request);
  }
}

function likelihoodText({ prompt, prompts, continuations }: Extract<ModelRequest, { kind: "likelihood" }>): string {
  const list = continuations.map((text, index) => {
    const own = prompts?.[index];
    return own === undefined || own === prompt ? `▷${text}◁` : `${JSON.stringify(own)}▷${text}◁`;
  });
  return `─── prompt\n${prompt}◁\n─── continuations\n${list.join("\n")}`;
}

function sentWith({ stop, parameters }: { stop: string[]; parameters: object }): string {
  const sent = Object.entries(parameters).filter(([, value]) => value !== null && JSON.stringify(value) !== "{}");
  return `─── ${JSON.stringify({ ...Object.fromEntries(sent), stop })}`;
}
