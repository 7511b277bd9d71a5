import { parse, tokenize } from "@huggingface/jinja";
import { compileExpression, type Node, type Scope } from "./expressions.ts";
import { compileBlock } from "./statements.ts";
import { TemplateError } from "./template-error.ts";
import { Float, Undefined } from "./values.ts";

/** A compiled template. */
export interface Template {
  readonly source: string;
  /** Renders to text. @throws TemplateError on a name that isn't defined, or what Python would refuse. */
  render(variables: Record<string, unknown>): string;
  /** The value itself where the template is one single `{{ expression }}`; else the rendered text. */
  evaluate(variables: Record<string, unknown>): unknown;
}

export interface CompileOptions {
  /** The settings of chat templates: `trim_blocks` and `lstrip_blocks`. @default false */
  trimBlocks?: boolean;
}

const compiled = new Map<string, Template>();
const mostCompiled = 2000;

/**
 * Compiles a Jinja template with Python's semantics: `Environment(undefined=StrictUndefined, keep_trailing_newline=True)`.
 * Each source is compiled once.
 *
 * @throws TemplateError `TEMPLATE_SYNTAX`
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/main/lm_eval/utils.py for the environment that we follow
 */
export function compileTemplate(source: string, options: CompileOptions = {}): Template {
  const key = `${options.trimBlocks ? "t" : "-"}${source}`;
  const known = compiled.get(key);
  if (known) return known;
  const template = compileSource(source, options);
  if (compiled.size >= mostCompiled) compiled.clear();
  compiled.set(key, template);
  return template;
}

function compileSource(source: string, options: CompileOptions): Template {
  if (!/[{][{%#]/.test(source)) return { source, render: () => source, evaluate: () => source };
  const { body, isExpression } = parseSource(source, options);
  const explain = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof TemplateError && error.why === undefined)
        throw new TemplateError(error.code as "TEMPLATE_FAILED", error.what, source);
      throw error;
    }
  };
  return explain(() => {
    const block = compileBlock(body);
    const render = (variables: Record<string, unknown>) => explain(() => renderWith(block, variables));
    if (!isExpression) return { source, render, evaluate: render };
    const value = compileExpression(body[0] as Node);
    return { source, render, evaluate: (variables) => explain(() => plainValue(value(rootScope(variables)))) };
  });
}

function parseSource(source: string, options: CompileOptions): { body: Node[]; isExpression: boolean } {
  const trim = options.trimBlocks === true;
  try {
    // The tokenizer always drops one newline at the end of its input; jinja2 keeps it under keep_trailing_newline.
    const tokens = tokenize(source.endsWith("\n") && !trim ? `${source}\n` : source, {
      lstrip_blocks: trim,
      trim_blocks: trim,
    });
    const body = (parse(tokens) as unknown as { body: Node[] }).body;
    return { body, isExpression: body.length === 1 && tokens[0]?.type === "OpenExpression" };
  } catch (error) {
    throw new TemplateError(
      "TEMPLATE_SYNTAX",
      `A template can't be parsed: ${error instanceof Error ? error.message : String(error)}.`,
      source,
    );
  }
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
  if (value instanceof Undefined) return value.fail();
  if (value instanceof Float) return value.value;
  return value;
}
