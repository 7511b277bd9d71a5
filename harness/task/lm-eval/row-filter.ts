import { pythonLiteral } from "../../prompt/index.ts";
import type { Recogniser } from "./known-helper.ts";
import type { PythonModule } from "./python-source.ts";

const text = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`;
const filterOf = (parameters: string, condition: string) =>
  new RegExp(
    String.raw`^def \w+\((?<data>\w+)${parameters}\):\n    return \k<data>\.filter\(lambda (?<row>\w+): ${condition}\)$`,
  );

const byParameter = filterOf(
  String.raw`, (?<parameter>\w+)`,
  String.raw`\k<row>\[(?<column>${text})\] == (?:\k<parameter>|f"(?<before>[^"{}\\]*)\{\k<parameter>\}(?<after>[^"{}\\]*)")`,
);
const byConstant = filterOf("", String.raw`\k<row>\[(?<column>${text})\] (?<sign>==|!=) (?<value>${text}|\d+)`);
const byLength = filterOf("", String.raw`len\(\k<row>\[(?<column>${text})\]\) > 0`);

const partial = new RegExp(String.raw`^\w+ = partial\((?<target>\w+), (?<parameter>\w+)=(?<value>${text})\)$`);
const factory =
  /^(?<table>\w+) = \{f"(?<name>[^"]*)": partial\((?<target>\w+), (?<parameter>\w+)=(?<each>\w+)\) for \k<each> in (?<list>\w+)\}$/;

/**
 * Row filters: `dataset.filter(lambda x: x["column"] == constant)`, the constant written there, bound by `partial`, or bound
 * for each entry of a list by a dictionary that goes into `globals()`.
 */
export const rowFilter: Recogniser = ({ function: name, module }) => {
  const statement = module.bindings.get(name);
  const constant = byConstant.exec(statement ?? "")?.groups;
  if (constant) return { keep: `${column(constant.column)} ${constant.sign} ${literal(constant.value)}` };
  const length = byLength.exec(statement ?? "")?.groups;
  if (length) return { keep: `${column(length.column)}|length > 0` };
  const bound = partial.exec(statement ?? "")?.groups ?? boundByFactory(module, name);
  const definition = bound && module.bindings.get(bound.target ?? "");
  const found = byParameter.exec(definition ?? "")?.groups;
  if (!bound || !found || found.parameter !== bound.parameter) return undefined;
  const value = `${found.before ?? ""}${String(pythonLiteral(bound.value ?? ""))}${found.after ?? ""}`;
  return { keep: `${column(found.column)} == ${JSON.stringify(value)}` };
};

function column(quoted: string | undefined): string {
  const name = String(pythonLiteral(quoted ?? ""));
  return /^[A-Za-z_]\w*$/.test(name) ? name : `__row__[${JSON.stringify(name)}]`;
}

function literal(source: string | undefined): string {
  return JSON.stringify(pythonLiteral(source ?? ""));
}

/** The entry of a factory's list that makes a function of this name. */
function boundByFactory(module: PythonModule, name: string): Record<string, string> | undefined {
  for (const statement of module.statements) {
    const made = factory.exec(statement)?.groups;
    if (!made || !module.statements.includes(`globals().update(${made.table})`)) continue;
    for (const entry of constants(module, made.list ?? "")) {
      if (formatted(made.name ?? "", made.each ?? "", entry) === name)
        return { target: made.target ?? "", parameter: made.parameter ?? "", value: JSON.stringify(entry) };
    }
  }
  return undefined;
}

/** Strings of a list that a module assigns. */
function constants(module: PythonModule, name: string): string[] {
  const source = /^\w+ = (\[[\s\S]*\])$/.exec(module.bindings.get(name) ?? "")?.[1];
  try {
    const list = source === undefined ? [] : pythonLiteral(source);
    return Array.isArray(list) && list.every((entry) => typeof entry === "string") ? list : [];
  } catch {
    return [];
  }
}

/** An f-string with one variable and the methods `lower` and `replace`; `undefined` for anything else. */
function formatted(source: string, variable: string, value: string): string | undefined {
  const parts = /^([^{}]*)\{(\w+)((?:\.\w+\([^()]*\))*)\}([^{}]*)$/.exec(source);
  if (!parts || parts[2] !== variable) return undefined;
  let result = value;
  for (const [, method, args] of (parts[3] ?? "").matchAll(/\.(\w+)\(([^()]*)\)/g)) {
    const [from, to] = args === "" ? [] : (pythonLiteral(`[${args}]`) as string[]);
    if (method === "lower" && args === "") result = result.toLowerCase();
    else if (method === "replace" && from !== undefined && to !== undefined) result = result.replaceAll(from, to);
    else return undefined;
  }
  return `${parts[1]}${result}${parts[4]}`;
}
