import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { bundledTasks } from "../../harness/task/index.ts";
import { dropRows, gpqaRows, type OwnRow, triviaRows } from "./own-rows.ts";

/** A task whose data no mirror has: rows of our own in its columns stand for them, on both sides. */
interface OwnTask {
  task: string;
  /** The data set and its configuration by lm-eval's names, and the split of theirs for each of ours. */
  dataset: string;
  config: string;
  splits: Readonly<Record<string, string>>;
  rows: (split: string) => OwnRow[];
}

const colours = ["red", "bright  green", "blue ", "“grey”", "żółty", "dark-brown"];
const things = ["kettle", "Ladder", "lamp, old", "naïve drum", "boat (small)", "clock's hand", "42 stones", "東京 map"];

/** As many rows as there are pairs of a thing and a colour. */
function pairs(row: (thing: string, colour: string, index: number) => OwnRow): OwnRow[] {
  return things.flatMap((thing, i) => colours.map((colour, j) => row(thing, colour, i * colours.length + j)));
}

const letters = ["A", "B", "C", "D", "E"];

function choiceRows(options: number): OwnRow[] {
  return pairs((thing, colour, index) => ({
    id: `own-${index}`,
    question: `Which of these is the colour of the ${thing} that was painted ${colour}?`,
    question_stem: `The ${thing} was painted ${colour}, so now it is`,
    question_concept: thing,
    choices: {
      label: letters.slice(0, options),
      text: letters.slice(0, options).map((_, k) => colours[(index + k) % colours.length] ?? ""),
    },
    answerKey: letters[(options - (index % options)) % options] ?? "A",
  }));
}

const tasks: readonly OwnTask[] = [
  { task: "gpqa", dataset: "Idavidrein/gpqa", config: "gpqa_diamond", splits: { diamond: "train" }, rows: gpqaRows },
  {
    task: "drop",
    dataset: "EleutherAI/drop",
    config: "default",
    splits: { train: "train", validation: "validation" },
    rows: dropRows,
  },
  {
    task: "triviaqa",
    dataset: "mandarjoshi/trivia_qa",
    config: "rc.nocontext",
    splits: { train: "train", validation: "validation" },
    rows: triviaRows,
  },
  {
    task: "piqa",
    dataset: "baber/piqa",
    config: "default",
    splits: { train: "train", validation: "validation" },
    rows: () =>
      pairs((thing, colour, index) => ({
        goal: `Paint the ${thing} ${colour}`,
        sol1: `Take a brush${index % 3 === 0 ? "." : " and paint it"}`,
        sol2: `Take a ${things[(index + 3) % things.length]}`,
        label: index % 2,
      })),
  },
  {
    task: "siqa",
    dataset: "lighteval/siqa",
    config: "default",
    splits: { train: "train", validation: "validation" },
    rows: () =>
      pairs((thing, colour, index) => ({
        context: `Kim painted Ali's ${thing} ${colour}.`,
        question: index % 2 === 0 ? "How would Ali feel?" : "Why did Kim do this?",
        answerA: `because of the ${colour}`,
        answerB: "surprised",
        answerC: `as before, or ${thing}`,
        label: String(1 + (index % 3)),
      })),
  },
  {
    task: "openbookqa",
    dataset: "allenai/openbookqa",
    config: "main",
    splits: { train: "train", validation: "validation", test: "test" },
    rows: () => choiceRows(4),
  },
  {
    task: "commonsense_qa",
    dataset: "tau/commonsense_qa",
    config: "default",
    splits: { train: "train", validation: "validation" },
    rows: () => choiceRows(5),
  },
];

/** Data set → configuration → split → files, as lm-eval's driver reads them. */
export type Mirror = Record<string, Record<string, Record<string, string[]>>>;

/**
 * Writes the rows, and a copy of each task that reads them instead of its data set.
 *
 * @returns the folder of these tasks, and the files for lm-eval's driver
 */
export function writeOwnData(folder: string): { tasks: string; mirror: Mirror } {
  const mirror: Mirror = {};
  const root = join(folder, "own-tasks");
  for (const { task, dataset, config, splits, rows } of tasks) {
    const target = join(root, task);
    mkdirSync(target, { recursive: true });
    cpSync(join(bundledTasks, task, "protocols"), join(target, "protocols"), { recursive: true });
    const path: Record<string, string> = {};
    const files: Record<string, string[]> = {};
    for (const [ours, theirs] of Object.entries(splits)) {
      path[ours] = `${ours}.jsonl`;
      files[theirs] = [join(target, `${ours}.jsonl`)];
      const lines = rows(ours).map((row) => `${JSON.stringify(row)}\n`);
      writeFileSync(join(target, `${ours}.jsonl`), lines.join(""));
    }
    mirror[dataset] = { [config]: files };
    const { expected: _, ...file } = parse(readFileSync(join(bundledTasks, task, "task.yaml"), "utf8")) as OwnRow;
    writeFileSync(join(target, "task.yaml"), stringify({ ...file, dataset: { path } }));
  }
  return { tasks: root, mirror };
}
