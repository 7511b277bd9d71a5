import type {
  ExtractStep,
  GenerationParameters,
  MetricSpec,
  ModelRequest,
  Pipeline,
  Protocol,
} from "../contracts/index.ts";
import { compileTemplate } from "../prompt/index.ts";
import type { Planned, Prepared } from "../run/index.ts";
import type { Item } from "../task/index.ts";
import { judgingLines } from "./judging-text.ts";
import { visible } from "./visible.ts";

/** What is shown of one item under one protocol: the same parts are printed, or laid beside another protocol's. */
export interface ShownParts {
  /** `<task>@<protocol>` and the protocol's title. */
  name: string;
  title: string;
  /** Which item, and in which categories it is. */
  item: string;
  /** Where the protocol comes from, what was overridden, which faults it keeps: label and text. */
  origin: [label: string, text: string][];
  /** What is sent, line by line, blanks made visible. */
  request: string[];
  /** How it is asked, read and counted. */
  conditions: [label: string, text: string][];
}

/** Takes a planned request apart. */
export function showParts({ setup }: Prepared, planned: Planned): ShownParts {
  const { protocol } = setup;
  const { item, request } = planned;
  const categories = Object.entries(item.categories).map(([level, category]) => `${level} ${category}`);
  return {
    name: `${setup.task.id}@${protocol.id}`,
    title: protocol.title,
    item: `item ${item.id}${categories.length > 0 ? `  (${categories.join(", ")})` : ""}`,
    origin: originOf(setup),
    request: requestLines(request).flatMap((text) => text.split("\n")),
    conditions: conditionsOf(protocol, planned),
  };
}

function originOf({ protocol, overrides }: Prepared["setup"]): ShownParts["origin"] {
  const { source, defects } = protocol;
  return [
    ["source", [source.project, source.version, source.file].filter(Boolean).join(" ")],
    ...overrides.map(({ path, from, to }): [string, string] => [
      "override",
      `${path}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`,
    ]),
    ...defects.map(({ what, fixedIn }): [string, string] => [
      "defect",
      `${what}${fixedIn ? ` (mended in ${fixedIn})` : ""}`,
    ]),
  ];
}

const forms: Record<Protocol["method"], string> = {
  generate: "the model writes",
  choice: "log-likelihoods of the continuations are compared",
  likelihood: "log-likelihood of the continuation",
  perplexity: "log-likelihood of the whole text",
};

function conditionsOf(protocol: Protocol, { item, request, scoring, shots }: Planned): ShownParts["conditions"] {
  const { denominator, shots: spec } = protocol;
  const seeded = spec.sampler === "random" || spec.sampler === "stable" || spec.sampler === "helm";
  const chat = protocol.multiturn && shots.length > 0 ? "chat, shots as turns" : "chat";
  return [
    ["asked", `${forms[protocol.method]}; ${protocol.layout === "chat" ? chat : "text"}`],
    ...parametersOf(request),
    ["samples", protocol.epochs === 1 ? "one an item" : `${protocol.epochs} an item`],
    [
      "shots",
      shots.length === 0
        ? "none"
        : `${shots.length} (${spec.sampler}${seeded ? `, seed ${spec.seed}` : ""}): ${shots.join(", ")}`,
    ],
    ["target", JSON.stringify(scoring.target)],
    ...(scoring.choices
      ? [["choices", scoring.choices.map((choice) => JSON.stringify(choice)).join(", ")] as [string, string]]
      : []),
    ...protocol.extract.map((pipeline): [string, string] => [
      "read",
      `${pipeline.id}: ${stepsFor(pipeline, item).map(stepText).join(" → ") || "the whole response"}`,
    ]),
    ...judgingLines(protocol).map((line): [string, string] => [
      line.slice(0, labelWidth).trim(),
      line.slice(labelWidth),
    ]),
    ["metrics", protocol.metrics.map(metricText).join("; ")],
    [
      "leading",
      `${protocol.primary.metric}${protocol.primary.filter ? ` under ${protocol.primary.filter}` : ""}, ${protocol.average} average`,
    ],
    [
      "counted",
      `unparsed ${denominator.unparsed}, cut off ${denominator.limited}, refused ${denominator.refused}; errors never`,
    ],
  ];
}

/** Columns that a label takes. */
export const labelWidth = 11;

/** A request for a person to read: the text with visible blanks, and every condition that goes with it. */
export function showText(parts: ShownParts): string {
  const rows = (list: ShownParts["conditions"]) => list.map(([label, text]) => label.padEnd(labelWidth) + text);
  return [
    `${parts.name}  ${parts.item}`,
    "protocol".padEnd(labelWidth) + parts.title,
    ...rows(parts.origin),
    "",
    ...parts.request,
    "",
    ...rows(parts.conditions),
  ].join("\n");
}

function stepsFor({ by, cases, steps }: Pipeline, item: Item): ExtractStep[] {
  if (by === undefined) return steps;
  return cases?.[compileTemplate(by).render(item.document)] ?? steps;
}

function requestLines(request: ModelRequest): string[] {
  if (request.kind === "chat")
    return request.messages.flatMap((message) => [`── ${message.role}`, visible(message.content)]);
  if (request.kind === "text") return ["── prompt", visible(request.prompt)];
  if (request.kind === "rolling") return ["── text to score", visible(request.text)];
  if (!request.prompts)
    return [
      "── prompt",
      visible(request.prompt),
      ...request.continuations.map((text) => `── continuation ▷${visible(text)}◁`),
    ];
  return request.continuations.flatMap((text, index) => [
    "── prompt",
    visible(request.prompts?.[index] ?? ""),
    `── continuation ▷${visible(text)}◁`,
  ]);
}

function parametersOf(request: ModelRequest): ShownParts["conditions"] {
  if (request.kind !== "chat" && request.kind !== "text") return [];
  return [
    ["stop", request.stop.length === 0 ? "none" : request.stop.map((stop) => JSON.stringify(stop)).join(", ")],
    ["sent with", sentParameters(request.parameters) || "the server's defaults"],
  ];
}

function sentParameters(parameters: Omit<GenerationParameters, "stop">): string {
  return Object.entries(parameters)
    .filter(([name, value]) => value !== null && !(name === "extra" && Object.keys(value as object).length === 0))
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(", ");
}

function stepText({ use, ...rest }: ExtractStep): string {
  const options = Object.entries(rest).filter(
    ([, value]) => !(Array.isArray(value) && value.length === 0) && value !== false,
  );
  return options.length === 0
    ? use
    : `${use} ${options.map(([name, value]) => (name === "pattern" ? `/${String(value)}/` : `${name}=${JSON.stringify(value)}`)).join(" ")}`;
}

function metricText({ metric, ...rest }: MetricSpec): string {
  const options = Object.entries(rest).filter(
    ([, value]) => value !== false && !(Array.isArray(value) && value.length === 0) && value !== undefined,
  );
  return options.length === 0
    ? metric
    : `${metric} (${options.map(([name, value]) => (value === true ? name : `${name} ${JSON.stringify(value)}`)).join(", ")})`;
}
