import { type AssayError, InputError, ProblemsError, protocolSchema, taskFileSchema } from "../../contracts/index.ts";
import { type Resolved, resolveRecorded } from "../load.ts";
import type { Flag } from "../override.ts";
import { type LmEvalFolder, openLmEvalFolder } from "./folder.ts";
import { PythonModules } from "./python-modules.ts";
import { type LmEvalGroup, selectLmEval } from "./select.ts";
import { type Translated, translate } from "./translate.ts";

/** What stands before the name of a task of lm-evaluation-harness. */
export const lmEvalPrefix = "lm-eval:";

/** An opened folder with what is known of its Python modules: read once a command. */
export interface LmEvalSource {
  folder: LmEvalFolder;
  modules: PythonModules;
}

/** Opens a task folder. @throws InputError `LM_EVAL_FOLDER_MISSING` */
export function openLmEvalSource(path: string): LmEvalSource {
  const folder = openLmEvalFolder(path);
  return { folder, modules: new PythonModules(folder.root) };
}

/** Tasks that a reference stands for, ready to run, and the groups to report when they are done. */
export interface LmEvalResolved {
  tasks: Resolved[];
  groups: LmEvalGroup[];
}

/**
 * Resolves `lm-eval:<task, group, tag or pattern>[@lm-eval-chat]` with what the command line changed.
 *
 * @throws InputError or ProblemsError: every task that can't be run as lm-eval runs it, with all reasons
 */
export function resolveLmEval(reference: string, source: LmEvalSource, flags: readonly Flag[]): LmEvalResolved {
  const [name = "", wanted] = reference.slice(lmEvalPrefix.length).split("@");
  const { entries, groups } = selectLmEval(source.folder, name);
  const problems: AssayError[] = [];
  const tasks: Resolved[] = [];
  for (const entry of entries) {
    const translated = translate(entry, source.modules);
    if ("refusals" in translated) problems.push(refused(entry.name, translated.refusals));
    else tasks.push(resolved(translated, { wanted, flags, root: source.folder.root }));
  }
  if (problems.length > 0) throw new ProblemsError(problems);
  return { tasks, groups };
}

type Runnable = Exclude<Translated, { refusals: unknown }>;

function resolved(
  { task, protocol }: Runnable,
  { wanted, flags, root }: { wanted: string | undefined; flags: readonly Flag[]; root: string },
): Resolved {
  const chat = protocolSchema.parse({
    ...protocol,
    id: "lm-eval-chat",
    title: "As lm-evaluation-harness asks a chat model (apply_chat_template, shots as turns)",
    layout: "chat",
  });
  const offered = protocol.method === "generate" ? [protocol, chat] : [protocol];
  const chosen = offered.find((one) => one.id === (wanted ?? protocol.id));
  if (!chosen) {
    throw new InputError({
      code: "PROTOCOL_UNKNOWN",
      what: `${task.id} has no protocol "${wanted}".`,
      fix: `It has: ${offered.map((one) => one.id).join(", ")}.`,
    });
  }
  const checked = resolveRecorded(protocolSchema.parse(chosen), flags);
  return { folder: root, task: taskFileSchema.parse(task), protocols: offered.map((one) => one.id), ...checked };
}

function refused(name: string, refusals: readonly { reason: string; detail: string }[]): InputError {
  return new InputError({
    code: "LM_EVAL_TASK_REFUSED",
    what: `lm-eval:${name} can't be run as lm-evaluation-harness runs it.`,
    why: `${refusals.map(({ reason, detail }) => `${reason} (${detail})`).join("; ")}.`,
    fix: "Run another task, or write this one as a task of your own: see the README, “Add a task”.",
    details: { refusals },
  });
}
