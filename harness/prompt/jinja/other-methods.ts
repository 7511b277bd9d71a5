import { TemplateError } from "./template-error.ts";
import { equals, repr, str, Tuple } from "./values.ts";

/** Methods of Python's `list` that templates use. */
export const listMethods: Record<string, (list: unknown[], args: unknown[]) => unknown> = {
  index: (list, [value]) => {
    const at = list.findIndex((entry) => equals(entry, value));
    if (at < 0) throw new TemplateError("TEMPLATE_FAILED", `${repr(value)} is not in list ${repr(list)}.`);
    return at;
  },
  count: (list, [value]) => list.filter((entry) => equals(entry, value)).length,
  append: (list, [value]) => {
    list.push(value);
    return null;
  },
  extend: (list, [more]) => {
    list.push(...(more as unknown[]));
    return null;
  },
  pop: (list, [at]) => (at === undefined ? list.pop() : list.splice(at as number, 1)[0]),
  copy: (list) => [...list],
};

/** Methods of Python's `dict` that templates use. */
export const mappingMethods: Record<string, (mapping: Record<string, unknown>, args: unknown[]) => unknown> = {
  items: (mapping) => Object.entries(mapping).map((pair) => Tuple.from(pair)),
  keys: (mapping) => Object.keys(mapping),
  values: (mapping) => Object.values(mapping),
  get: (mapping, [key, fallback]) => (Object.hasOwn(mapping, str(key)) ? mapping[str(key)] : (fallback ?? null)),
  update: (mapping, [more]) => {
    Object.assign(mapping, more);
    return null;
  },
};
