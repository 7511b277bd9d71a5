import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { defineScalarTag, intYaml11Tag, load, NOT_RESOLVED, YAML11_SCHEMA } from "js-yaml";

/** A `!function` tag: a Python function, in a module beside the file that names it. */
export class PythonReference {
  /** Folder of the YAML file that holds the tag: included files look beside themselves. */
  readonly folder: string;
  /** As written: `utils.process_docs`. */
  readonly name: string;

  constructor(folder: string, name: string) {
    this.folder = folder;
    this.name = name;
  }
}

/** A YAML file of lm-evaluation-harness' language as a plain object. */
export type Config = Record<string, unknown>;

/** A scalar of a configuration as text; anything else as JSON, for messages. */
export function scalarText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** PyYAML reads `02:00` as text: its base-60 integers can't start with 0. */
const integers = defineScalarTag(intYaml11Tag.tagName, {
  ...intYaml11Tag,
  resolve: (source, isExplicit, tag) =>
    /^[-+]?0\d*:/.test(source) ? NOT_RESOLVED : intYaml11Tag.resolve(source, isExplicit, tag),
});

/**
 * Reads configurations with their includes. Each file is parsed once, however many others include it.
 *
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/v0.4.13/lm_eval/tasks/_yaml_loader.py
 */
export class ConfigReader {
  readonly #parsed = new Map<string, Config>();
  #folder = "";

  readonly #schema = YAML11_SCHEMA.withTags(
    integers,
    defineScalarTag("!function", {
      resolve: (name) => new PythonReference(this.#folder, name),
      identify: () => false,
    }),
  );

  /**
   * A configuration: included files in order, then its own keys. The merge is shallow, and `task_list` is not inherited.
   *
   * @throws Error where a file can't be read, isn't a map, or is reached twice (lm-eval refuses that too, even where two
   * includes merely share a base)
   */
  read(path: string): Config {
    return this.#withIncludes(path, new Set());
  }

  #withIncludes(path: string, seen: Set<string>): Config {
    if (seen.has(path)) throw new Error(`${path} is included twice`);
    seen.add(path);
    const own = this.#parse(path);
    if (!("include" in own)) return own;
    const { include, ...rest } = own;
    const merged: Config = {};
    for (const name of [include].flat() as string[]) {
      const { task_list: _, ...inherited } = this.#withIncludes(
        isAbsolute(name) ? name : join(dirname(path), name),
        seen,
      );
      Object.assign(merged, inherited);
    }
    return Object.assign(merged, rest);
  }

  #parse(path: string): Config {
    const known = this.#parsed.get(path);
    if (known) return known;
    this.#folder = dirname(path);
    const value = this.#parseText(readFileSync(path, "utf8"));
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${path} isn't a map`);
    this.#parsed.set(path, value as Config);
    return value as Config;
  }

  #parseText(text: string): unknown {
    const options = { schema: this.#schema, json: true };
    try {
      return load(text, options);
    } catch (error) {
      const indented = indentMore(text);
      if (indented === undefined) throw error;
      return load(indented, options);
    }
  }
}

/**
 * PyYAML accepts quoted text whose further lines are not indented, and closing brackets too; js-yaml wants both indented.
 * White space there is folded away, so it may change. `undefined` where block text could be taken for quoted text.
 */
function indentMore(text: string): string | undefined {
  if (/[:-] *[|>][-+\d]*\s*(?:#.*)?$/m.test(text)) return undefined;
  const token = /\s+(?=[\]}])|"(?:[^"\\]|\\[\s\S])*"|'(?:[^']|'')*'|(?<=^|\s)#.*|[^\s"'#]\S*|\s+|./gm;
  return text.replace(token, (part, at) => {
    if (/^["']/.test(part)) return part.replace(/\n[ \t]*(?=\S)/g, `\n${" ".repeat(16)}`);
    return /^\s/.test(part) && /[\]}]/.test(text[at + part.length] ?? "") ? " " : part;
  });
}
