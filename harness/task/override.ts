import { parse } from "yaml";
import { InputError, type Json, secretField } from "../contracts/index.ts";

/** One change of a protocol that the command line asks for. */
export interface Flag {
  path: string[];
  value: Json;
  /** The flag as typed, for records and messages. */
  by: string;
}

/** Reads `generate.temperature=0.7`: a dotted path and a YAML value. @throws InputError `SET_MALFORMED`, `SET_SECRET` */
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
  if (path.some((part) => secretField.test(part))) {
    throw new InputError({
      code: "SET_SECRET",
      what: `--set ${path.join(".")} looks like a key or a password.`,
      why: "What is set here is part of the setup, and stands in every record.",
      fix: "Keys come from the environment: see the README, “Models”.",
    });
  }
  return { path, value: parseValue(text.slice(at + 1), text), by: `--set ${text}` };
}

function parseValue(text: string, whole: string): Json {
  try {
    // Without aliases: a list that holds itself is no value.
    return parse(text, { maxAliasCount: 0 }) as Json;
  } catch (cause) {
    throw new InputError({
      code: "SET_MALFORMED",
      what: `The value of --set ${whole} isn't YAML.`,
      fix: "Quote text that has special characters: --set 'system=\"a: b\"'",
      cause,
    });
  }
}

/**
 * A copy of a tree with one value replaced. List positions are numbers in the path.
 *
 * @throws InputError `OVERRIDE_INVALID` where a list has no such entry
 */
export function applyOverride(tree: Record<string, unknown>, flag: Flag): Record<string, unknown> {
  return put(tree, flag.path, flag) as Record<string, unknown>;
}

function put(at: unknown, path: readonly string[], flag: Flag): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return flag.value;
  if (Array.isArray(at)) {
    if (!(/^\d+$/.test(step) && Number(step) < at.length)) throw noEntry(flag, { rest, step, length: at.length });
    return at.map((entry, index) => (index === Number(step) ? put(entry, rest, flag) : entry));
  }
  const map = typeof at === "object" && at !== null ? (at as Record<string, unknown>) : {};
  return { ...map, [step]: put(Object.hasOwn(map, step) ? map[step] : undefined, rest, flag) };
}

function noEntry(
  { path, by }: Flag,
  { rest, step, length }: { rest: string[]; step: string; length: number },
): InputError {
  const list = path.slice(0, path.length - rest.length - 1).join(".");
  return new InputError({
    code: "OVERRIDE_INVALID",
    what: `${by}: the list ${list} has no entry "${step}".`,
    why: length === 0 ? "It is empty." : `It has ${length}, numbered from 0.`,
    fix: `Name one of them, or replace the list whole: --set '${list}=[…]'.`,
  });
}
