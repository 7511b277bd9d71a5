import { findTask, findTasks, type LoadedTask, lmEvalPrefix, loadTask, resolve, taskRoots } from "../../task/index.ts";
import { cardLines } from "../card-text.ts";
import type { Options } from "../flags.ts";
import { counted } from "../format.ts";
import { showLmEvalTasks } from "../lm-eval-survey.ts";
import { renderTable } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** `assay tasks`: what can be run; with a name, its card and protocols. */
export async function run([id]: string[], options: Options, terminal: Terminal): Promise<number> {
  if (options.lmEvalTasks !== undefined && (id === undefined || id.startsWith(lmEvalPrefix)))
    return showLmEvalTasks({ folder: options.lmEvalTasks, id, json: options.json === true }, terminal);
  const roots = taskRoots(options.tasks);
  if (id !== undefined) return showTask(id, { roots, options, terminal });
  const tasks = [...findTasks(roots).values()].map((folder) => loadTask(folder));
  if (options.json) {
    terminal.json({ tasks: tasks.map(taskJson) });
    return 0;
  }
  const rows = tasks.map(({ task, protocols }) => [
    task.id,
    task.card.size?.toLocaleString("en") ?? "?",
    task.card.licence,
    task.needs.includes("sandbox") ? "sandbox" : "",
    protocols.map((protocol) => (protocol === task.defaultProtocol ? `${protocol}*` : protocol)).join(" "),
  ]);
  terminal.print(
    renderTable(
      [
        { title: "task" },
        { title: "items", align: "right" },
        { title: "licence" },
        { title: "needs" },
        { title: "protocols (* default)" },
      ],
      rows,
    ),
  );
  return 0;
}

function showTask(
  id: string,
  { roots, options, terminal }: { roots: string[]; options: Options; terminal: Terminal },
): number {
  const loaded = loadTask(findTask(roots, id));
  if (options.json) {
    terminal.json(taskJson(loaded));
    return 0;
  }
  const { task, protocols } = loaded;
  terminal.print(`${task.title} (${task.id})\n${task.summary}\n`);
  const data =
    "repo" in task.dataset ? `${task.dataset.repo} at ${task.dataset.revision}` : "files that come with the task";
  for (const [name, value] of [["data", data], ...cardLines(task.card)])
    terminal.print(`${(name ?? "").padEnd(15)}${value}`);
  const rows = protocols.map((protocol) => {
    const { source, title, defects } = resolve(`${id}@${protocol}`, { roots }).protocol;
    return [
      protocol === task.defaultProtocol ? `${protocol}*` : protocol,
      title,
      `${source.project} ${source.version.slice(0, 12)}`,
      defects.length > 0 ? counted(defects.length, "known defect") : "",
    ];
  });
  terminal.print(
    `\n${renderTable([{ title: "protocol" }, { title: "what" }, { title: "source" }, { title: "" }], rows)}`,
  );
  return 0;
}

function taskJson({ task, protocols }: LoadedTask): unknown {
  const { id, title, summary, card, needs, defaultProtocol, dataset } = task;
  return { id, title, summary, card, needs, defaultProtocol, protocols, dataset };
}
