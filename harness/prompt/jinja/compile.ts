import { compileExpression, type Scope } from "./expressions.ts";
import { parseTemplate } from "./parse.ts";
import type { Node } from "./parse-expression.ts";
import { compileBlock } from "./statements.ts";
import { TemplateError } from "./template-error.ts";
import { Float, Generator, Undefined } from "./values.ts";

/** A compiled template. */
export interface Template {
  readonly source: string;
  /** Renders to text. @throws TemplateError on a name that isn't defined, or what Python would refuse. */
  render(variables: Record<string, unknown>): string;
  /** The value itself where the template is one single `{{ expression }}`; else the rendered text. */
  evaluate(variables: Record<string, unknown>): unknown;
}

export interface CompileOptions {
  /**
   * The dialect of chat templates: blocks trimmed, names that aren't there render as nothing, `break` and `continue`.
   *
   * @default false
   */
  chat?: boolean;
}

const compiled = new Map<string, Template>();
const mostCompiled = 2000;

/**
 * Compiles a Jinja template with Python's semantics: `Environment(undefined=StrictUndefined, keep_trailing_newline=True)`.
 * What Python would refuse is refused, and so is what we don't speak; nothing is rendered approximately. Each source is
 * compiled once. Two things are lost before a template sees them: a document's 2.0 is 2, and keys that are whole numbers
 * come in ascending order.
 *
 * @throws TemplateError `TEMPLATE_SYNTAX`
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/main/lm_eval/utils.py for the environment that we follow
 */
export function compileTemplate(source: string, options: CompileOptions = {}): Template {
  const key = `${options.chat ? "c" : "-"}${source}`;
  const known = compiled.get(key);
  if (known) return known;
  const template = compileSource(source, options.chat === true);
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.set(key, template);
  return template;
}

function compileSource(source: string, chat: boolean): Template {
  const explain = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof TemplateError && error.why === undefined)
        throw new TemplateError(error.code as "TEMPLATE_FAILED", error.what, source);
      // Text beyond what a string can hold, or a macro that calls itself without end.
      if (error instanceof RangeError)
        throw new TemplateError("TEMPLATE_FAILED", `It grows without end: ${error.message}.`, source);
      throw error;
    }
  };
  return explain(() => {
    const body = parseTemplate(source, { chat });
    const block = compileBlock(body);
    const render = (variables: Record<string, unknown>) => explain(() => renderWith(block, variables));
    const [first] = body;
    if (body.length !== 1 || first?.type !== "Output") return { source, render, evaluate: render };
    const value = compileExpression(first.value as Node);
    return { source, render, evaluate: (variables) => explain(() => plainValue(value(rootScope(variables)))) };
  });
}

function renderWith(block: (scope: Scope, out: string[]) => void, variables: Record<string, unknown>): string {
  const out: string[] = [];
  block(rootScope(variables), out);
  return out.join("");
}

function rootScope(variables: Record<string, unknown>): Scope {
  const scope: Scope = Object.create(null);
  // The whole row under a name of its own, for columns whose names are no names in Jinja.
  return Object.assign(scope, { __row__: variables }, variables);
}

/** Values leave the template as JSON knows them. */
function plainValue(value: unknown): unknown {
  if (value instanceof Undefined) {
    value.tolerate();
    return "";
  }
  if (value instanceof Float) return value.value;
  if (value instanceof Generator) return value.take();
  return value;
}
