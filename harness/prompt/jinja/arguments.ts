import { failed } from "./values.ts";

/** Positional and keyword arguments of a filter, test, method or function. */
export interface Arguments {
  positional: unknown[];
  named: Record<string, unknown>;
}

/**
 * Arguments in the order of the parameters, as Python binds them; `undefined` where one was left out.
 *
 * @param parameters - names; the first `needed` must be given
 * @throws TemplateError where Python would raise TypeError
 */
export function bind(
  { positional, named }: Arguments,
  { name, parameters, needed = 0 }: { name: string; parameters: readonly string[]; needed?: number },
): unknown[] {
  if (positional.length > parameters.length)
    failed(`${name} takes ${parameters.length || "no"} arguments, ${positional.length} were given.`);
  const values: unknown[] = parameters.map((_, index) => positional[index]);
  for (const [key, value] of Object.entries(named)) {
    const at = parameters.indexOf(key);
    if (at < 0) failed(`${name} takes no argument "${key}".`);
    if (at < positional.length) failed(`${name} got "${key}" twice.`);
    values[at] = value;
  }
  const missing = parameters.findIndex((_, index) => index < needed && values[index] === undefined);
  if (missing >= 0) failed(`${name} needs "${parameters[missing]}".`);
  return values;
}
