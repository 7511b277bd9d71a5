import type { ExtractStep, GenerationParameters, MetricSpec, ModelRequest, Pipeline } from "../contracts/index.ts";
import { compileTemplate } from "../prompt/index.ts";
import type { Planned, Prepared } from "../run/index.ts";
import type { Item } from "../task/index.ts";
import { judgingLines } from "./judging-text.ts";
import { visible } from "./visible.ts";

/** A request for a person to read: the text with visible blanks, and every condition that goes with it. */
export function showText({ setup }: Prepared, { item, request, scoring, shots }: Planned): string {
  const { protocol } = setup;
  const categories = Object.entries(item.categories).map(([level, category]) => `${level} ${category}`);
  const sections = [
    `${setup.task.id}@${protocol.id}  item ${item.id}${categories.length > 0 ? `  (${categories.join(", ")})` : ""}`,
    `source     ${protocol.source.project} ${protocol.source.version}${protocol.source.file ? ` ${protocol.source.file}` : ""}`,
    ...setup.overrides.map(
      (change) => `override   ${change.path}: ${JSON.stringify(change.from)} → ${JSON.stringify(change.to)}`,
    ),
    ...protocol.defects.map(
      (defect) => `defect     ${defect.what}${defect.fixedIn ? ` (mended in ${defect.fixedIn})` : ""}`,
    ),
    "",
    ...requestLines(request),
    "",
    ...parameterLines(request),
    `shots      ${shots.length === 0 ? "none" : `${shots.length} (${protocol.shots.sampler}${protocol.shots.sampler === "random" || protocol.shots.sampler === "stable" ? `, seed ${protocol.shots.seed}` : ""}): ${shots.join(", ")}`}`,
    `target     ${JSON.stringify(scoring.target)}`,
    ...(scoring.choices ? [`choices    ${scoring.choices.map((choice) => JSON.stringify(choice)).join(", ")}`] : []),
    ...protocol.extract.map(
      (pipeline) =>
        `read       ${pipeline.id}: ${stepsFor(pipeline, item).map(stepText).join(" → ") || "the whole response"}`,
    ),
    ...judgingLines(protocol),
    `metrics    ${protocol.metrics.map(metricText).join("; ")}`,
    `counted    unparsed ${protocol.denominator.unparsed}, cut off ${protocol.denominator.limited}, refused ${protocol.denominator.refused}; errors never`,
  ];
  return sections.join("\n");
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

function parameterLines(request: ModelRequest): string[] {
  if (request.kind !== "chat" && request.kind !== "text") return ["asked      log-likelihood of each continuation"];
  return [
    `stop       ${request.stop.length === 0 ? "none" : request.stop.map((stop) => JSON.stringify(stop)).join(", ")}`,
    `sent with  ${sentParameters(request.parameters) || "the server's defaults"}`,
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
