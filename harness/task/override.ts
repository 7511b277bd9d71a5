import { parse } from "yaml";
import { InputError, type Json } from "../contracts/index.ts";

/** One change of a protocol that the command line asks for. */
export interface Flag {
  path: string[];
  value: Json;
  /** The flag as typed, for records and messages. */
  by: string;
}

/** Reads `generate.temperature=0.7`: a dotted path and a YAML value. @throws InputError `SET_MALFORMED`. */
export function parseSet(text: string): Flag {
  const at = text.indexOf("=");
  const path = text
    .slice(0, at)
    .split(".")
    .map((part) => part.trim());
  if (at < 1 || path.some((part) => part === "")) {
    throw new InputError({
      code: "SET_MALFORMED",
      what: `--set ${text} isn't <path>=<value>.`,
      fix: "For example: --set generate.temperature=0.7",
    });
  }
  return { path, value: parseValue(text.slice(at + 1), text), by: `--set ${text}` };
}

function parseValue(text: string, whole: string): Json {
  try {
    return parse(text) as Json;
  } catch (cause) {
    throw new InputError({
      code: "SET_MALFORMED",
      what: `The value of --set ${whole} isn't YAML.`,
      fix: "Quote text that has special characters: --set 'system=\"a: b\"'",
      cause,
    });
  }
}

/** A copy of a tree with one value replaced. List positions are numbers in the path. */
export function applyOverride(tree: Record<string, unknown>, flag: Flag): Record<string, unknown> {
  return put(tree, flag.path, flag.value) as Record<string, unknown>;
}

function put(at: unknown, path: readonly string[], value: Json): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(at)) return at.map((entry, index) => (String(index) === step ? put(entry, rest, value) : entry));
  const map = typeof at === "object" && at !== null ? (at as Record<string, unknown>) : {};
  return { ...map, [step]: put(map[step], rest, value) };
}
