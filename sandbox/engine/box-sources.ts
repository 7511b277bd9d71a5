import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** Modules of the fork server in the order in which they are loaded. */
const MODULES = [
  "wire",
  "codec",
  "seccomp_filter",
  "box_state",
  "toolchain",
  "candidate",
  "grader",
  "isolates",
  "shell_tests",
  "grader_process",
  "program",
  "supervisor",
];
/** Parts of the JavaScript judge, one script in a box. */
const ISOLATE_PARTS = ["isolate-codec", "isolate-candidate", "isolate-tests", "isolate-worker"];

/** Makes modules of the arguments and starts the last one. */
const LOADER = `import json, sys, types
config, *rest = sys.argv[1:]
for name, source in zip(rest[::2], rest[1::2]):
    module = types.ModuleType(name)
    sys.modules[name] = module
    exec(compile(source, name + ".py", "exec"), module.__dict__)
sys.modules["supervisor"].main(json.loads(config))
`;

/** What runs as PID 1 of a box: passed as arguments, so that any image with a Python 3.11+ will do. */
export interface BoxSources {
  /** Arguments after the configuration: name, source, name, source, … */
  modules: string[];
  loader: string;
  isolateWorker: string;
  /** SHA-256 over all of it, hexadecimal. */
  hash: string;
}

let loaded: BoxSources | undefined;

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

/** Reads the fork server's sources once a process. */
export function boxSources(): BoxSources {
  if (loaded !== undefined) return loaded;
  const modules = MODULES.flatMap((name) => [name, read(`../images/python/${name}.py`)]);
  const parts = ISOLATE_PARTS.map((name) => read(`../images/javascript/${name}.cjs`));
  // Blocks, so that equal names of two parts do not meet.
  const isolateWorker = parts.map((part) => `{${part}}`).join("\n");
  const hash = createHash("sha256");
  for (const part of [LOADER, ...modules, isolateWorker]) hash.update(`${part.length}:${part}`);
  loaded = { modules, loader: LOADER, isolateWorker, hash: hash.digest("hex") };
  return loaded;
}
