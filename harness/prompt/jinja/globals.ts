import type { Arguments } from "./filters.ts";
import { TemplateError } from "./template-error.ts";
import { numberOf, str } from "./values.ts";

type Global = (args: Arguments) => unknown;

function range({ positional }: Arguments): number[] {
  const [first = 0, second, third] = positional.map(numberOf);
  const [start, stop, step] = second === undefined ? [0, first, 1] : [first, second, third ?? 1];
  if (step === 0) throw new TemplateError("TEMPLATE_FAILED", "range() can't have step 0.");
  const numbers: number[] = [];
  for (let at = start; step > 0 ? at < stop : at > stop; at += step) numbers.push(at);
  return numbers;
}

/** Functions that every template can call: jinja2's, and those that chat templates expect. */
export const templateGlobals: Readonly<Record<string, Global>> = {
  range,
  namespace: ({ named }) => ({ ...named }),
  dict: ({ named }) => ({ ...named }),
  raise_exception: ({ positional }) => {
    throw new TemplateError("TEMPLATE_FAILED", `The template refuses: ${str(positional[0])}`);
  },
};
