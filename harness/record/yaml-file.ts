import { readFileSync } from "node:fs";
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { InputError, nearestName } from "../contracts/index.ts";

/** A YAML file as parsed, with what is needed to say where in it something is wrong. */
export interface YamlFile {
  path: string;
  value: unknown;
  document: Document;
  lines: LineCounter;
  /** Flags that changed the value: what is wrong then is in none of the file's lines. */
  flags?: string;
}

/** Reads a YAML 1.2 file. @throws InputError `YAML_INVALID` with file, line and column; `FILE_UNREADABLE`. */
export function readYaml(path: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(textOf(path), { lineCounter: lines });
  const error = document.errors[0];
  if (error) {
    const at = lines.linePos(error.pos[0]);
    throw new InputError({
      code: "YAML_INVALID",
      what: `${path}:${at.line}:${at.col}: ${firstLine(error.message)}`,
      fix: "Correct the line; YAML is strict about indentation and about quotes.",
    });
  }
  return { path, value: writtenOut(document, path), document, lines };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new InputError({
      code: "FILE_UNREADABLE",
      what: `${path} can't be read.`,
      why: cause instanceof Error ? cause.message : String(cause),
      fix: "Put a file there that you may read.",
      cause,
    });
  }
}

/** The parser says the place once more, and shows the line. */
function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:$/, ".");
}

/** @throws InputError where aliases multiply without end, or a list or map holds itself */
function writtenOut(document: Document, path: string): unknown {
  try {
    const value: unknown = document.toJS();
    JSON.stringify(value);
    return value;
  } catch (cause) {
    throw new InputError({
      code: "YAML_INVALID",
      what: `${path}: its aliases (*name) can't be written out: ${cause instanceof Error ? cause.message.split("\n")[0] : String(cause)}.`,
      fix: "Write the values out instead of repeating them by alias.",
      cause,
    });
  }
}

/** Checks a value against a schema. @returns the parsed value, or every problem with file, line, path, expectation and nearest key. */
export function checkAgainst<T>(
  schema: z.ZodType<T>,
  value: unknown,
  file: YamlFile,
): { value?: T; problems: InputError[] } {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { value: result.data, problems: [] };
  return { problems: result.error.issues.flatMap(flatten).map((issue) => problemOf(issue, { file, schema })) };
}

type Issue = z.core.$ZodIssue;

/** A union fails with one list of issues a branch: the branch that fits best (fewest issues) tells most. */
function flatten(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const best = [...issue.errors].sort((a, b) => weight(a) - weight(b))[0] ?? [];
  return best.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(flatten);
}

function weight(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.path.length === 0 && issue.code === "invalid_type" ? 100 : 1), 0);
}

function problemOf(issue: Issue, context: { file: YamlFile; schema: z.ZodType }): InputError {
  const { file, schema } = context;
  const wrongKey = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const path = wrongKey === undefined ? issue.path : [...issue.path, wrongKey];
  const where = file.flags ?? `${file.path}:${placeOf(file, path)}`;
  const parts = { code: "FILE_INVALID", details: { file: file.path, path: path.join(".") } };
  if (wrongKey !== undefined) {
    const known = keysAt(schema, issue.path);
    const meant = nearestName(wrongKey, known);
    return new InputError({
      ...parts,
      what: `${where}: ${path.join(".")}: there is no such key.`,
      fix: meant ? `Did you mean "${meant}"?` : `Known keys here: ${known.join(", ")}.`,
    });
  }
  if (issue.input === undefined && issue.code === "invalid_type") {
    const isInFile = issue.path.length > 0;
    return new InputError({
      ...parts,
      what: `${where}: ${isInFile ? `${path.join(".")} is missing (${issue.expected})` : "the file is empty"}.`,
      fix: "Add it; `assay schema` prints what each key takes.",
    });
  }
  const received = issue.input === undefined ? "nothing" : clip(JSON.stringify(issue.input));
  return new InputError({
    ...parts,
    what: `${where}: ${path.join(".") || "the file"}: ${issue.message}.`,
    why: `Found ${received}.`,
    fix: suggestValue(issue),
  });
}

function suggestValue(issue: Issue): string {
  if (issue.code !== "invalid_value" || typeof issue.input !== "string")
    return "Correct the value; `assay schema` prints what each key takes.";
  const meant = nearestName(issue.input, issue.values.map(String));
  return meant ? `Did you mean "${meant}"?` : `One of: ${issue.values.join(", ")}.`;
}

function clip(text: string | undefined): string {
  if (text === undefined) return "nothing";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** `line:column` of a path, or of the deepest part of it that is in the file. */
function placeOf(file: YamlFile, path: readonly PropertyKey[]): string {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const offset = offsetOf(file.document, path.slice(0, depth));
    if (offset === undefined) continue;
    const at = file.lines.linePos(offset);
    return `${at.line}:${at.col}`;
  }
  return "1:1";
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(last));
    if (pair && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
  }
  const node = document.getIn([...path], true);
  return isNode(node) && node.range ? node.range[0] : undefined;
}

/** Keys that the schema knows at a path, as far as it can be walked. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let nodes: z.ZodType[] = [schema];
  for (const step of path) nodes = nodes.flatMap((node) => children(node, step));
  return [
    ...new Set(nodes.flatMap(unwrap).flatMap((node) => ("shape" in node ? Object.keys(node.shape as object) : []))),
  ];
}

function children(node: z.ZodType, step: PropertyKey): z.ZodType[] {
  return unwrap(node).flatMap((inner) => {
    if ("shape" in inner)
      return [(inner.shape as Record<PropertyKey, z.ZodType>)[step]].filter((child) => child !== undefined);
    if ("element" in inner) return [inner.element as z.ZodType];
    if ("valueType" in inner) return [inner.valueType as z.ZodType];
    return [];
  });
}

function unwrap(node: z.ZodType): z.ZodType[] {
  const definition = node.def as { innerType?: z.ZodType; options?: z.ZodType[] };
  if (definition.innerType) return unwrap(definition.innerType);
  if (definition.options) return definition.options.flatMap(unwrap);
  return [node];
}
