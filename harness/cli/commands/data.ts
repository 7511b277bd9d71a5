import { InputError } from "../../contracts/index.ts";
import { listCached } from "../../data/index.ts";
import { openTaskData } from "../../run/index.ts";
import { findTask, type LoadedTask, lmEvalPrefix, loadTask, taskRoots } from "../../task/index.ts";
import { downloadProgress } from "../download-progress.ts";
import type { Options } from "../flags.ts";
import { counted } from "../format.ts";
import { resolveAll } from "../references.ts";
import { renderTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** `assay data pull|ls`. */
export async function run([action, ...tasks]: string[], options: Options, terminal: Terminal): Promise<number> {
  if (action === "ls") return list(options, terminal);
  if (action !== "pull")
    throw new InputError({
      code: "ACTION_UNKNOWN",
      what: `There is no \`assay data ${action}\`.`,
      fix: "Use `assay data pull <task>…` or `assay data ls`.",
    });
  if (tasks.length === 0)
    throw new InputError({
      code: "TASK_MISSING",
      what: "`assay data pull` must be told which task.",
      fix: "For example: assay data pull gsm8k mmlu",
    });
  const pulled: unknown[] = [];
  for (const name of tasks) for (const one of named(name, options)) pulled.push(await pull(one, terminal));
  if (options.json) terminal.json({ pulled });
  return 0;
}

/** A task with the splits to fetch: all that it names, else those that a run reads. */
interface Wanted {
  loaded: LoadedTask;
  splits: string[];
}

function named(name: string, options: Options): Wanted[] {
  if (name.startsWith(lmEvalPrefix)) {
    return resolveAll([name], options).resolved.map((loaded) => {
      const { shots } = loaded.protocol;
      const pool = shots.sampler === "fixed" || shots.count === 0 ? [] : [shots.split ?? "train"];
      return { loaded, splits: [...new Set([loaded.task.evaluate, ...pool])] };
    });
  }
  const loaded = loadTask(findTask(taskRoots(options.tasks), name.split("@")[0] ?? ""));
  const { dataset, evaluate } = loaded.task;
  return [{ loaded, splits: "repo" in dataset && dataset.splits ? Object.keys(dataset.splits) : [evaluate] }];
}

async function pull({ loaded, splits }: Wanted, terminal: Terminal): Promise<unknown> {
  const { dataset, id: name } = loaded.task;
  if (!("repo" in dataset)) {
    terminal.say(`${name}: its data comes with the task; nothing to fetch`);
    return { task: name, files: [] };
  }
  const data = await openTaskData(loaded, {
    splits,
    options: {
      onProgress: downloadProgress(terminal),
    },
  });
  const { repo, revision, files } = data.provenance();
  terminal.say(`${name}: ${counted(files.length, "file")} of ${repo} at ${revision} on this disk`);
  return { task: name, repo, revision, files };
}

async function list(options: Options, terminal: Terminal): Promise<number> {
  const cached = await listCached();
  if (options.json) terminal.json({ data: cached });
  else {
    const rows = cached.map((entry) => [
      entry.repo,
      entry.revision.slice(0, 12),
      String(entry.files.length),
      (entry.bytes / 1e6).toFixed(1),
    ]);
    terminal.print(
      renderTable(
        [
          { title: "repository" },
          { title: "revision" },
          { title: "files", align: "right" },
          { title: "MB", align: "right" },
        ],
        rows,
      ),
    );
  }
  return 0;
}
