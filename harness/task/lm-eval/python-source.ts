import { unescapePython } from "../../prompt/index.ts";

/** Top-level statements of a Python module, in one spelling: no comments, docstrings, annotations or optional line breaks. */
export interface PythonModule {
  /** Name that a statement binds (function, class, variable, import) → its text. */
  bindings: ReadonlyMap<string, string>;
  /** Every statement, in order. */
  statements: readonly string[];
}

const token =
  /(?<string>(?:[rbfuRBFU]{0,2})(?:"""(?:[^\\]|\\[\s\S])*?"""|'''(?:[^\\]|\\[\s\S])*?'''|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'))|(?<comment>#[^\n]*)|(?<open>[([{])|(?<close>[)\]}])|(?<line>\n)|(?<joined>\\\n)|[^\s"'#()[\]{}\\\w]+|\w+|[^\S\n]+|[\s\S]/g;

/** Splits a module into statements. Only the shape is looked at: nothing is run, and what isn't understood stays as it is. */
export function readPython(source: string): PythonModule {
  const statements: string[] = [];
  let lines: string[] = [];
  const flush = () => {
    const text = lines.join("\n");
    if (text !== "") statements.push(text);
    lines = [];
  };
  for (const line of logicalLines(source)) {
    const startsHere = /^\S/.test(line) && !/^(?:else|elif|except|finally)\b/.test(line);
    if (startsHere && !lines.every((before) => before.startsWith("@"))) flush();
    lines.push(line);
  }
  flush();
  const bindings = new Map<string, string>();
  for (const statement of statements) for (const name of namesBoundBy(statement)) bindings.set(name, statement);
  return { bindings, statements };
}

/** Lines as Python counts them: brackets and strings join, comments and docstrings are gone. */
function logicalLines(source: string): string[] {
  const lines: string[] = [];
  let line = "";
  let depth = 0;
  const flush = () => {
    const text = line.trimEnd();
    if (text.trim() !== "" && !isDocstring(text)) lines.push(withoutAnnotations(text));
    line = "";
  };
  for (const match of source.replace(/\r\n/g, "\n").matchAll(token)) {
    const { string, comment, open, close, line: end, joined } = match.groups ?? {};
    if (comment !== undefined) continue;
    if (string !== undefined) line += string;
    else if (open !== undefined) {
      depth += 1;
      line += open;
    } else if (close !== undefined) {
      depth -= 1;
      line =
        line.replace(/[,\s]+$/, (tail) => (tail.includes(",") && close === ")" && isTuple(line) ? "," : "")) + close;
    } else if (end !== undefined || joined !== undefined) {
      if (depth === 0 && joined === undefined) flush();
      else line += line === "" || /[\s([{]$/.test(line) ? "" : " ";
    } else if (/^\s+$/.test(match[0])) {
      if (depth === 0 || !/[\s([{]$/.test(line)) line += depth === 0 && line === "" ? match[0] : " ";
    } else line += match[0];
  }
  flush();
  return lines;
}

/** A comma before a closing bracket means something only in a tuple of one entry. */
function isTuple(line: string): boolean {
  return /[=(,[]\s*\([^(),]*,\s*$/.test(line);
}

function isDocstring(line: string): boolean {
  return /^\s*[rRuU]?(?:"""(?:[^\\]|\\[\s\S])*?"""|'''(?:[^\\]|\\[\s\S])*?'''|"(?:[^"\\]|\\.)*")$/.test(line);
}

/** `def f(a: T, b: U = 1) -> V:` and `x: T = 1` mean the same without their annotations. */
function withoutAnnotations(line: string): string {
  const type = String.raw`[\w.]+(?:\[[\w., |\[\]]*\])?(?: \| [\w.]+(?:\[[\w., |\[\]]*\])?)*`;
  if (/^\s*(?:async )?def /.test(line)) {
    return line
      .replace(new RegExp(` -> ${type}:$`), ":")
      .replace(new RegExp(String.raw`(?<=[(,] ?\*{0,2}\w+): ${type}(?=[,)]| =)`, "g"), "")
      .replace(/ = (?=[^()]*\):$)/g, "=");
  }
  return line.replace(new RegExp(String.raw`^(\s*\w+): ${type} = `), "$1 = ");
}

function namesBoundBy(statement: string): string[] {
  const definition = /^(?:@[^\n]*\n)*(?:async )?(?:def|class) (\w+)/.exec(statement);
  if (definition?.[1]) return [definition[1]];
  const assigned = /^(\w+) = /.exec(statement);
  if (assigned?.[1]) return [assigned[1]];
  const imported = /^(?:from \S+ )?import \(?(.+?)\)?$/.exec(statement);
  return (imported?.[1] ?? "").split(",").flatMap((part) => /(\w+)\s*$/.exec(part)?.[1] ?? []);
}

/**
 * The text that decides what a name of a module does: its statement, then every statement of the module that it reaches
 * through the names it mentions, in the order in which they are met.
 */
export function closureOf(module: PythonModule, name: string): string {
  const texts = new Set<string>();
  const visit = (text: string) => {
    if (texts.has(text)) return;
    texts.add(text);
    for (const [word] of text.matchAll(/[A-Za-z_]\w*/g)) {
      const next = module.bindings.get(word);
      if (next !== undefined) visit(next);
    }
  };
  const first = module.bindings.get(name);
  if (first !== undefined) visit(first);
  return [...texts].join("\n");
}

const stringLiteral =
  /(?<![\w"'])(?<prefix>[rbfuRBFU]{0,2})(?<quote>"""|'''|"|')(?<body>(?:[^\\]|\\[\s\S])*?)\k<quote>/g;

/** Code without its strings, and the strings in order: the same code with other words has the same shape. */
export interface Shape {
  shape: string;
  strings: string[];
}

/**
 * Takes the strings out of code, also the fixed parts of f-strings; what an f-string computes stays.
 *
 * @param name - of the function that the code begins with, which makes no difference either
 */
export function shapeOf(code: string, name: string): Shape {
  const strings: string[] = [];
  const hold = (raw: string, prefix: string): string => {
    strings.push(/[rR]/.test(prefix) ? raw : unescapePython(raw));
    return "§";
  };
  const shape = code.replace(stringLiteral, (_, prefix: string, _quote: string, body: string) => {
    if (!/[fF]/.test(prefix)) return `"${hold(body, prefix)}"`;
    const parts = body.replace(
      /((?:[^{}]|\{\{|\}\})*)(\{[^{}]*\})?/g,
      (_part, fixed: string, code: string | undefined) =>
        fixed === "" && code === undefined
          ? ""
          : hold(
              fixed.replace(/\{\{|\}\}/g, (brace) => brace[0] ?? ""),
              prefix,
            ) + (code ?? ""),
    );
    return `f"${parts}"`;
  });
  return { shape: shape.replace(new RegExp(`^(def )?${name}\\b`), "$1_"), strings };
}
