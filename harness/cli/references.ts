import { type AssayError, InputError, type Json, ProblemsError } from "../contracts/index.ts";
import {
  type Flag,
  type LmEvalGroup,
  type LmEvalSource,
  lmEvalPrefix,
  openLmEvalSource,
  parseSet,
  type Resolved,
  resolve,
  resolveLmEval,
  taskRoots,
} from "../task/index.ts";
import type { Options } from "./flags.ts";

/** Protocol overrides that flags ask for, each with the flag as typed. */
export function overrideFlags(options: Options): Flag[] {
  const list: Flag[] = [];
  const add = (path: string, value: Json | undefined, by: string) => {
    if (value !== undefined) list.push({ path: path.split("."), value, by });
  };
  add("shots.count", options.shots, `--shots ${options.shots}`);
  add("shots.seed", options.seed, `--seed ${options.seed}`);
  add("generate.seed", options.seed, `--seed ${options.seed}`);
  add("epochs", options.epochs, `--epochs ${options.epochs}`);
  return [...list, ...(options.set ?? []).map(parseSet)];
}

/** Tasks of a command line, and the groups of lm-evaluation-harness to report when they are done. */
export interface ResolvedReferences {
  resolved: Resolved[];
  groups: LmEvalGroup[];
}

/** Resolves every task that the command names; all problems of all of them are reported together. */
export function resolveAll(references: readonly string[], options: Options): ResolvedReferences {
  const problems: AssayError[] = [];
  const result: ResolvedReferences = { resolved: [], groups: [] };
  const resolveOne = resolver(options);
  for (const reference of references) {
    try {
      const { tasks, groups } = resolveOne(reference);
      result.resolved.push(...tasks.map((task) => withK(task, options.k, reference)));
      result.groups.push(...groups);
    } catch (error) {
      if (error instanceof ProblemsError) problems.push(...error.problems);
      else if (error instanceof InputError) problems.push(error);
      else throw error;
    }
  }
  if (problems.length > 0) throw new ProblemsError(problems);
  return result;
}

/** A task folder of lm-evaluation-harness is opened at the first name that needs it. */
function resolver(options: Options): (reference: string) => { tasks: Resolved[]; groups: LmEvalGroup[] } {
  const roots = taskRoots(options.tasks);
  const flags = overrideFlags(options);
  let source: LmEvalSource | undefined;
  return (reference) => {
    if (!reference.startsWith(lmEvalPrefix)) return { tasks: [resolve(reference, { roots, flags })], groups: [] };
    source ??= openLmEvalSource(lmEvalFolder(reference, options));
    return resolveLmEval(reference, source, flags);
  };
}

function lmEvalFolder(reference: string, { lmEvalTasks }: Options): string {
  if (lmEvalTasks !== undefined) return lmEvalTasks;
  throw new InputError({
    code: "LM_EVAL_FOLDER_UNNAMED",
    what: `${reference} is a task of lm-evaluation-harness, but no task folder is named.`,
    fix: "Add --lm-eval-tasks <dir>: a checkout of lm-evaluation-harness, or a folder of your own in its language.",
  });
}

/** The k of the score that leads stays among them: without it the run would have no leading score. */
function withLeading(k: readonly number[], { primary }: Resolved["protocol"]): number[] {
  const leading = Number(/[@^](\d+)$/.exec(primary.metric)?.[1] ?? Number.NaN);
  return Number.isNaN(leading) || k.includes(leading) ? [...k] : [leading, ...k];
}

/** `--k` belongs to the pass metric, wherever that stands in the list; no k may exceed the samples a problem gets. */
export function withK<T extends Pick<Resolved, "protocol" | "overrides">>(
  resolved: T,
  k: number[] | undefined,
  name: string,
): T {
  const { protocol } = resolved;
  const before = protocol.metrics.find((metric) => metric.metric === "pass");
  if (k && !before) {
    throw new InputError({
      code: "K_WITHOUT_PASS",
      what: `--k means nothing for ${name}.`,
      why: "It has no pass@k metric.",
      fix: "Leave --k out for this task.",
    });
  }
  const most = Math.max(0, ...(k ?? before?.k ?? []));
  if (most > protocol.epochs) {
    throw new InputError({
      code: "K_ABOVE_EPOCHS",
      what: `pass@${most} can't be estimated from ${protocol.epochs} ${protocol.epochs === 1 ? "sample" : "samples"} a problem.`,
      fix: `Add --epochs ${most} or more, or give smaller k: --k ${protocol.epochs}.`,
    });
  }
  if (!k) return resolved;
  const list = withLeading(k, protocol);
  return {
    ...resolved,
    protocol: {
      ...protocol,
      metrics: protocol.metrics.map((metric) => (metric.metric === "pass" ? { ...metric, k: list } : metric)),
    },
    overrides: [
      ...resolved.overrides,
      { path: "metrics.pass.k", from: before?.k ?? null, to: list, by: `--k ${k.join(",")}` },
    ],
  };
}
