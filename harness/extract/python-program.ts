import { pythonStatements, type Statement } from "./python-statements.ts";

/** A program cut out of a response; `span` runs from the first to the last piece taken. */
export interface PythonProgram {
  text: string;
  span: [number, number];
}

/**
 * The program around a function in a response: its imports, the function, and the definitions it needs, directly or
 * through others. Usage examples, prints, asserts and prose are left out. Of several code blocks that define the function
 * the longest is read; without code blocks the whole text is. Null where nothing defines the function.
 *
 * Follows EvalPlus' sanitiser: of several definitions of a name the first counts, unless it is a function without `return`, which is taken for a stub.
 * Names in `alsoNeeded` are kept where they are defined: classes that the tests make instances of.
 * The parts are found by following brackets and strings in place of parsing.
 *
 * @see evalplus 0.3.1, evalplus/sanitize.py
 */
export function pythonProgram(
  response: string,
  entryPoint: string,
  alsoNeeded: readonly string[] = [],
): PythonProgram | null {
  const roots = [entryPoint, ...alsoNeeded];
  const candidates = codeBlocks(response)
    .map((block) => programIn(response, block, roots))
    .filter((program) => program !== null);
  const longest = candidates.reduce<PythonProgram | null>(
    (best, program) => (best === null || lines(program.text) > lines(best.text) ? program : best),
    null,
  );
  return longest ?? programIn(response, [0, response.length], roots);
}

function lines(text: string): number {
  return text.split("\n").filter((line) => line.trim() !== "").length;
}

/** Insides of fenced code blocks; the last one may lack its end. */
function codeBlocks(text: string): [number, number][] {
  const blocks: [number, number][] = [];
  const fence = /^[ \t]*(`{3,}|~{3,})[^\n]*$/gm;
  for (let open = fence.exec(text); open; open = fence.exec(text)) {
    const start = fence.lastIndex + 1;
    const close = fence.exec(text);
    blocks.push([start, close ? close.index : text.length]);
    if (!close) break;
  }
  return blocks;
}

function programIn(text: string, [from, to]: [number, number], roots: readonly string[]): PythonProgram | null {
  const statements = pythonStatements(text.slice(from, to));
  const defined = new Map<string, Statement>();
  const isStub = ({ kind, code }: Statement) => kind === "function" && !/\breturn\b/.test(code);
  const whole = statements.filter((statement) => !isStub(statement));
  for (const statement of [...whole, ...statements.filter(isStub)])
    if (statement.name !== "" && !defined.has(statement.name)) defined.set(statement.name, statement);
  if (!defined.has(roots[0] ?? "")) return null;
  const needed = reachable(defined, roots);
  const kept = [
    ...statements.filter((statement) => statement.kind === "import"),
    ...statements.filter((statement) => needed.has(statement.name) && defined.get(statement.name) === statement),
  ];
  const pieces = kept.map(({ start, end }) => text.slice(from + start, from + end));
  const first = Math.min(...kept.map((statement) => statement.start));
  const last = Math.max(...kept.map((statement) => statement.end));
  return { text: `${pieces.join("\n")}\n`, span: [from + first, from + last] };
}

/** Names that a definition's text mentions, and those that these mention, and so on. */
function reachable(defined: ReadonlyMap<string, Statement>, roots: readonly string[]): Set<string> {
  const seen = new Set(roots.filter((name) => defined.has(name)));
  for (const name of seen) {
    for (const word of defined.get(name)?.code.match(/[A-Za-z_]\w*/g) ?? []) if (defined.has(word)) seen.add(word);
  }
  return seen;
}
