import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../../record/index.ts";
import type { PythonReference } from "./config-file.ts";
import { closureOf, type PythonModule, readPython, shapeOf } from "./python-source.ts";

/** A Python helper as it is written: enough to tell whether we know what it does. */
export interface PythonHelper {
  /** As written in the YAML. */
  name: string;
  /** Its own name, without the module. */
  function: string;
  module: PythonModule;
  /** Folder of the module, for files and modules beside it. */
  folder: string;
  /** Text of the function and of all it reaches in its module; see {@link closureOf}. */
  closure: string;
  /** Strings in the closure, in order. */
  strings: readonly string[];
  /** First 16 hex digits of the SHA-256 of the closure's shape: equal code, but for its strings. */
  shapeHash: string;
  /** Function of lm-evaluation-harness' own library that the name is imported from, e.g. `lm_eval.utils.weighted_f1_score`. */
  library: string | null;
}

/** Finds helpers by the rule of lm-eval: a module beside the YAML file, else one that can be imported. */
export class PythonModules {
  /** The task folder. */
  readonly root: string;
  readonly #modules = new Map<string, PythonModule | undefined>();
  readonly #helpers = new Map<string, PythonHelper | undefined>();

  /** @param root - the task folder, which stands for `lm_eval.tasks` */
  constructor(root: string) {
    this.root = root;
  }

  /** @returns the helper, or `undefined` where there is no such module or name in reach. */
  find(reference: PythonReference): PythonHelper | undefined {
    const key = `${reference.folder}\n${reference.name}`;
    if (!this.#helpers.has(key)) this.#helpers.set(key, this.#find(reference));
    return this.#helpers.get(key);
  }

  #find({ folder, name }: PythonReference): PythonHelper | undefined {
    const at = name.lastIndexOf(".");
    const modulePath = name.slice(0, at);
    const fn = name.slice(at + 1);
    const path = this.#locate(folder, modulePath);
    const module = path === undefined ? undefined : this.read(path);
    if (path === undefined || !module) return undefined;
    const closure = closureOf(module, fn);
    const { shape, strings } = shapeOf(closure, fn);
    return {
      name,
      function: fn,
      module,
      folder: join(path, ".."),
      closure,
      strings,
      shapeHash: sha256(shape).slice(0, 16),
      library: libraryName(module, fn),
    };
  }

  #locate(folder: string, modulePath: string): string | undefined {
    const beside = join(folder, `${modulePath.replaceAll(".", "/")}.py`);
    if (existsSync(beside)) return beside;
    const inTasks = modulePath.startsWith("lm_eval.tasks.")
      ? join(this.root, `${modulePath.slice("lm_eval.tasks.".length).replaceAll(".", "/")}.py`)
      : undefined;
    return inTasks !== undefined && existsSync(inTasks) ? inTasks : undefined;
  }

  /** A module by its path or by its dotted name below `lm_eval.tasks`; each is read once. */
  read(path: string): PythonModule | undefined {
    if (!this.#modules.has(path))
      this.#modules.set(path, existsSync(path) ? readPython(readFileSync(path, "utf8")) : undefined);
    return this.#modules.get(path);
  }

  /** The module behind `from lm_eval.tasks.a.b import …`. */
  imported(dotted: string): PythonModule | undefined {
    const path = this.#locate(this.root, dotted);
    return path === undefined ? undefined : this.read(path);
  }
}

/** `from lm_eval.utils import weighted_f1_score`: a function of the library, which is not part of a task folder. */
function libraryName(module: PythonModule, name: string): string | null {
  const statement = module.bindings.get(name) ?? "";
  const from = /^from (lm_eval(?:\.(?!tasks\b)\w+)*) import /.exec(statement)?.[1];
  return from === undefined ? null : `${from}.${name}`;
}
