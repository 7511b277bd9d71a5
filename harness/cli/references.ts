import { type AssayError, InputError, type Json, ProblemsError } from "../contracts/index.ts";
import { type Flag, parseSet, type Resolved, resolve, taskRoots } from "../task/index.ts";
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

/** Resolves every task that the command names; all problems of all of them are reported together. */
export function resolveAll(references: readonly string[], options: Options): Resolved[] {
  const problems: AssayError[] = [];
  const resolved: Resolved[] = [];
  const roots = taskRoots(options.tasks);
  const flags = overrideFlags(options);
  for (const reference of references) {
    try {
      resolved.push(withK(resolve(reference, { roots, flags }), options.k, reference));
    } catch (error) {
      if (error instanceof ProblemsError) problems.push(...error.problems);
      else if (error instanceof InputError) problems.push(error);
      else throw error;
    }
  }
  if (problems.length > 0) throw new ProblemsError(problems);
  return resolved;
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
  return {
    ...resolved,
    protocol: {
      ...protocol,
      metrics: protocol.metrics.map((metric) => (metric.metric === "pass" ? { ...metric, k } : metric)),
    },
    overrides: [
      ...resolved.overrides,
      { path: "metrics.pass.k", from: before?.k ?? null, to: k, by: `--k ${k.join(",")}` },
    ],
  };
}
