import { type Arguments, bind } from "./arguments.ts";
import { listFilters, readAttribute } from "./list-filters.ts";
import { iterate } from "./sequences.ts";
import { templateTests } from "./tests.ts";
import { formatFilter, textFilters } from "./text-filters.ts";
import { failed, Generator, repr, str, truthy, Undefined } from "./values.ts";

type Filter = (value: unknown, args: Arguments) => unknown;

const specs = { ...textFilters, ...listFilters, d: textFilters.default as NonNullable<typeof textFilters.default> };

const filters: Record<string, Filter> = Object.fromEntries(
  Object.entries(specs).map(([name, spec]) => [
    name,
    (value: unknown, args: Arguments) => {
      if (value instanceof Undefined && !spec.seesUndefined) value.tolerate();
      return spec.apply(value, bind(args, { name, parameters: spec.parameters, needed: spec.needed ?? 0 }));
    },
  ]),
);

/** A condition on entries: a test by name with its arguments, or the truth value. */
function condition([name, ...rest]: unknown[], named: Record<string, unknown>): (entry: unknown) => boolean {
  if (name === undefined) return truthy;
  const test = Object.hasOwn(templateTests, str(name)) ? templateTests[str(name)] : undefined;
  if (!test) failed(`There is no test named ${repr(name)}.`);
  return (entry) => test(entry, { positional: rest, named });
}

const select =
  (keep: boolean): Filter =>
  (value, { positional, named }) => {
    const fits = condition(positional, named);
    return new Generator(iterate(value).filter((entry) => fits(entry) === keep));
  };

const selectByAttribute =
  (keep: boolean): Filter =>
  (value, { positional: [attribute, ...rest], named }) => {
    if (attribute === undefined) failed("selectattr needs the name of an attribute.");
    const fits = condition(rest, named);
    return new Generator(iterate(value).filter((entry) => fits(readAttribute(entry, attribute)) === keep));
  };

function map(value: unknown, { positional: [name, ...rest], named }: Arguments): Generator {
  if (name === undefined) {
    const { attribute, default: fallback } = bindMap(named);
    return new Generator(
      iterate(value).map((entry) => {
        const found = readAttribute(entry, attribute);
        return found instanceof Undefined && fallback !== undefined ? fallback : found;
      }),
    );
  }
  const filter = Object.hasOwn(filters, str(name)) ? filters[str(name)] : undefined;
  if (!filter) failed(`There is no filter named ${repr(name)}.`);
  return new Generator(iterate(value).map((entry) => filter(entry, { positional: rest, named })));
}

function bindMap(named: Record<string, unknown>): { attribute: unknown; default: unknown } {
  const [attribute, fallback] = bind(
    { positional: [], named },
    { name: "map", parameters: ["attribute", "default"], needed: 1 },
  );
  return { attribute, default: fallback };
}

Object.assign(filters, {
  select: select(true),
  reject: select(false),
  selectattr: selectByAttribute(true),
  rejectattr: selectByAttribute(false),
  map,
  format: (value: unknown, { positional, named }: Arguments) => formatFilter(value, positional, named),
});

/** jinja2's filters that give plain text and values, and lm-eval's `regex_replace` and our `regex_findall`. */
export const templateFilters: Readonly<Record<string, Filter>> = filters;
