import { type Config, scalarText } from "./config-file.ts";
import { column, literal } from "./jinja-source.ts";
import type { PythonModules } from "./python-modules.ts";
import type { Refusals } from "./refusal.ts";

/** Derived columns that a translation adds to each row: name → template. */
export type Fields = Record<string, string>;

/** What the pieces of one task share while it is translated. */
export interface Translation {
  config: Config;
  /** Derived columns, in order. */
  fields: Fields;
  /** Expressions that must hold for a row to be an item. */
  keep: string[];
  refusals: Refusals;
  modules: PythonModules;
}

const isTemplate = (text: string) => /\{[{%#]/.test(text);
const isName = (text: string) => /^[A-Za-z_]\w*$/.test(text);

/** The one expression of a template that is nothing but `{{ expression }}`, else `undefined`. */
function soleExpression(template: string): string | undefined {
  const inner = /^\{\{-?((?:(?!\}\})[\s\S])*?)-?\}\}$/.exec(template)?.[1];
  return inner === undefined || /\{\{|\{%/.test(inner) ? undefined : inner.trim();
}

/** A string that names a column stands for that column's value; any other is itself. Which it is, the data decides. */
function columnOr(text: string, read: (column: string) => string = (column) => column): string {
  const name = column(text);
  return `${read(name)} if ${name} is defined else ${literal(text)}`;
}

/** To Python, False and True are the numbers 0 and 1, and so positions of choices. */
function asPosition(name: string): string {
  return `(${name}|int if ${name} is boolean else ${name})`;
}

/** lm-eval casts a target to text before it compares, but leaves lists as they are. */
function asText(name: string): string {
  return `(${name} if ${name} is string or (${name} is sequence and ${name} is not mapping) else ${name}|string)`;
}

/** An expression for a template's text; a template with more than one part becomes a derived column. */
function textExpression(template: string, name: string, fields: Fields): string {
  const sole = soleExpression(template);
  if (sole !== undefined) return `((${sole})|string)`;
  fields[name] = template;
  return name;
}

/** Could the text of this template be digits only, or begin with a bracket? Its fixed text tells, where it has some. */
function firstFixedText(template: string): string {
  return template.replace(/\{\{(?:(?!\}\})[\s\S])*\}\}|\{%(?:(?!%\})[\s\S])*%\}|\{#(?:(?!#\})[\s\S])*#\}/g, "\u0000");
}

/**
 * Text that is rendered (`description`, `gen_prefix`): a column's name stands for the column.
 *
 * @returns a template
 */
export function renderedText(value: unknown): string {
  const text = value === null || value === undefined ? "" : scalarText(value);
  return isName(text) ? `{{ ${columnOr(text)} }}` : text;
}

/**
 * `doc_to_text`. Where the task has choices and the text comes out as a number, lm-eval takes it for the number of a choice
 * and asks something else altogether; whether it does can depend on the data, so the template stops there.
 *
 * @param name - of the derived column, where one is needed
 * @returns a template
 */
export function questionText(value: unknown, { config, fields, refusals }: Translation, name: string): string {
  if (typeof value === "number") {
    refusals.add("a prompt whose kind depends on the data", "doc_to_text is a number");
    return "";
  }
  const text = scalarText(value ?? "");
  const hasChoices = config.doc_to_choice !== undefined && config.doc_to_choice !== null;
  if (!isTemplate(text)) {
    if (text === "" || !hasChoices) return text === "" ? "" : `{{ ${columnOr(text)} }}`;
    return `{{ ${stop("a column of numbers")} if ${column(text)} is number else (${columnOr(text)}) }}`;
  }
  if (!hasChoices || /[^\u0000]/.test(firstFixedText(text))) return text;
  const rendered = textExpression(text, name, fields);
  return `{{ ${stop("a text of digits")} if ${rendered}.isdigit() else ${rendered} }}`;
}

function stop(what: string): string {
  return `raise_exception("lm-eval takes ${what} for the number of a choice, which this translation can't follow")`;
}

/**
 * `doc_to_target`: a column's value, or rendered text. Text of digits is a number where the task has choices, text in square
 * brackets is read as a Python list.
 *
 * @param name - of the derived column, where one is needed
 * @returns one `{{ expression }}`, or a template of plain text
 */
export function targetExpression(value: unknown, { config, fields }: Translation, name: string): string {
  if (typeof value === "number" || Array.isArray(value)) return `{{ ${literal(value)} }}`;
  const text = scalarText(value ?? "");
  const hasChoices = config.doc_to_choice !== undefined && config.doc_to_choice !== null;
  if (!isTemplate(text)) {
    if (hasChoices && /^\d+$/.test(text)) return `{{ ${Number(text)} }}`;
    return text === "" ? "" : `{{ ${columnOr(text, hasChoices ? asPosition : asText)} }}`;
  }
  if (/^[^\u0000[\d]/.test(firstFixedText(text))) return text;
  const rendered = textExpression(text, name, fields);
  const list = `literal_eval(${rendered}, ${rendered}) if ${rendered}[:1] == "[" and ${rendered}[-1:] == "]" else ${rendered}`;
  return hasChoices ? `{{ literal_eval(${rendered}) if ${rendered}.isdigit() else (${list}) }}` : `{{ ${list} }}`;
}

/**
 * `doc_to_choice`: a list as written, the values of a map, a column, or rendered text that is a Python list.
 *
 * @returns one `{{ expression }}` that gives a list; `undefined` where there are no choices
 */
export function choicesExpression(value: unknown, { fields, refusals }: Translation, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  const list = Array.isArray(value) ? value : typeof value === "object" ? Object.values(value) : undefined;
  if (list) {
    if (!list.every((choice) => typeof choice === "string"))
      refusals.add("a configuration that lm-eval itself can't run", "doc_to_choice holds something other than text");
    return `{{ ${literal(list)} }}`;
  }
  const text = scalarText(value);
  if (!isTemplate(text)) return `{{ ${column(text)} }}`;
  return `{{ literal_eval(${textExpression(text, name, fields)}) }}`;
}
