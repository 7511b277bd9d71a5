import type { Arguments } from "./filters.ts";
import { pythonLiteral } from "./python-literal.ts";
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

/** `literal_eval(text)`: the value of a Python literal; with a second argument, that one where the text is none. */
function literalEval({ positional }: Arguments): unknown {
  try {
    return pythonLiteral(str(positional[0]));
  } catch (error) {
    if (positional.length > 1 && error instanceof TemplateError) return positional[1];
    throw error;
  }
}

/** Functions that every template can call: jinja2's, those that chat templates expect, and `literal_eval`. */
export const templateGlobals: Readonly<Record<string, Global>> = {
  range,
  literal_eval: literalEval,
  namespace: ({ named }) => ({ ...named }),
  dict: ({ named }) => ({ ...named }),
  raise_exception: ({ positional }) => {
    throw new TemplateError("TEMPLATE_FAILED", `The template refuses: ${str(positional[0])}`);
  },
};
