import { PythonRandom } from "../python-random.ts";
import { type Arguments, bind } from "./arguments.ts";
import { pythonLiteral } from "./python-literal.ts";
import { TemplateError } from "./template-error.ts";
import { failed, integerOf, mappingOf, Namespace, NumberRange, str } from "./values.ts";

type Global = (args: Arguments) => unknown;

const longest = 100_000;

function range({ positional, named }: Arguments): NumberRange {
  const values = bind(
    { positional, named },
    { name: "range()", parameters: ["start", "stop", "step"], needed: 1 },
  ).filter((value) => value !== undefined);
  const [first = 0, second, third = 1] = values.map(integerOf);
  const [start, stop, step] = second === undefined ? [0, first, 1] : [first, second, third];
  if (step === 0) failed("range() can't have step 0.");
  if (Math.abs((stop - start) / step) > longest) failed(`range() gives more than ${longest} numbers.`);
  const numbers = new NumberRange();
  for (let at = start; step > 0 ? at < stop : at > stop; at += step) numbers.push(at);
  numbers.spelling = `range(${step === 1 ? `${start}, ${stop}` : `${start}, ${stop}, ${step}`})`;
  return numbers;
}

function noPositional(name: string, { positional, named }: Arguments): Record<string, unknown> {
  if (positional.length > 0) failed(`${name}() takes keyword arguments only.`);
  return named;
}

/** `literal_eval(text)`: the value of a Python literal; with a second argument, that one where the text is none. */
function literalEval(args: Arguments): unknown {
  const [text, fallback] = bind(args, { name: "literal_eval()", parameters: ["text", "default"], needed: 1 });
  try {
    return pythonLiteral(str(text));
  } catch (error) {
    if (fallback !== undefined && error instanceof TemplateError) return fallback;
    throw error;
  }
}

/**
 * `shuffled(list, seed, skip=0)`: a list in the order that Python's `random.Random(seed).shuffle` gives it. The seed is a number
 * or a text; `skip` says how many lists of that length the stream has shuffled before.
 */
function shuffled(args: Arguments): unknown[] {
  const [list, seed, skip = 0] = bind(args, { name: "shuffled()", parameters: ["list", "seed", "skip"], needed: 2 });
  if (!Array.isArray(list)) failed("shuffled() takes a list.");
  const random = new PythonRandom(typeof seed === "string" ? seed : integerOf(seed));
  for (let earlier = integerOf(skip); earlier > 0; earlier -= 1) random.shuffle([...list]);
  return random.shuffle([...list]);
}

/** Functions that every template can call: jinja2's, but `lipsum`, `cycler` and `joiner`, and `literal_eval`, `shuffled`. */
export const templateGlobals: Readonly<Record<string, Global>> = {
  range,
  literal_eval: literalEval,
  shuffled,
  namespace: (args) => new Namespace(noPositional("namespace", args)),
  dict: (args) => mappingOf(Object.entries(noPositional("dict", args))),
};
