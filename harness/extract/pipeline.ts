import type { ExtractedAnswer, Pipeline } from "../contracts/index.ts";
import { type Candidate, compileStep, type StepContext } from "./steps.ts";

/** A response, or all responses of an item, and what the steps may look at. */
export interface ExtractInput {
  responses: readonly string[];
  fields: Pick<StepContext, "choices" | "document">;
  render: StepContext["render"];
}

/** Compiles a pipeline. @throws InputError where a pattern is no regular expression */
export function compilePipeline(pipeline: Pipeline): (input: ExtractInput) => ExtractedAnswer {
  const otherwise = pipeline.steps.map(compileStep);
  const cases = new Map(Object.entries(pipeline.cases ?? {}).map(([value, steps]) => [value, steps.map(compileStep)]));
  return ({ responses, fields, render }) => {
    let candidates: (Candidate | null)[] = responses.map((text) => ({ text, start: 0, by: "the whole response" }));
    const context = { ...fields, render };
    const chosen = pipeline.by === undefined ? undefined : cases.get(render(pipeline.by, fields.document));
    const steps = chosen ?? otherwise;
    for (const step of steps) candidates = step(candidates, context);
    const answer = candidates[0] ?? null;
    if (!answer || answer.by === "fallback" || answer.text === "")
      return { filter: pipeline.id, answer: null, span: null, by: answer?.by ?? "nothing matched" };
    const span: [number, number] | null =
      answer.start === null ? (answer.taken ?? null) : [answer.start, answer.start + answer.text.length];
    return { filter: pipeline.id, answer: answer.text, span, by: answer.by };
  };
}
