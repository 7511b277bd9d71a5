import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundledTasks, type Flag, findTasks, loadTask, resolve } from "../task/index.ts";
import { planRequests } from "./plan.ts";
import { prepare } from "./prepare.ts";
import { hasFixtures, resolveFixture } from "./testing/fixture-task.ts";
import { goldenText } from "./testing/golden-text.ts";
import { goldOf, scoreAnswers, specimenOf } from "./testing/score-answers.ts";
import { wrongAnswer } from "./testing/wrong-answer.ts";

const noModel = { provider: "none", name: "none", baseUrl: null, options: {} };
const tasks = [...findTasks([bundledTasks]).values()].map((folder) => loadTask(folder));
const references = tasks.flatMap(({ task, protocols }) => protocols.map((id) => `${task.id}@${id}`));
const headline = ["gsm8k", "arc_challenge", "arc_easy", "mmlu", "mmlu_pro", "bbh", "mgsm"];

const protocolOf = (reference: string) => resolve(reference, { roots: [bundledTasks] }).protocol;

/** Can the text of an answer alone be right or wrong? Programs, IFEval and perplexity have tests of their own. */
function judgedByAnswers(reference: string): boolean {
  const { method, execution, metrics } = protocolOf(reference);
  return execution === undefined && method !== "perplexity" && !metrics.some(({ metric }) => metric === "ifeval");
}

const open = async (reference: string, flags: Flag[] = []) => prepare(resolveFixture(reference, flags), noModel);

describe.each(references)("%s", (reference) => {
  const [task = ""] = reference.split("@");
  const load = () => resolve(reference, { roots: [bundledTasks] });

  test("says where it comes from and mends what it claims to mend", () => {
    const { protocol, protocols } = load();
    const mending = protocol.defects.flatMap(({ fixedIn }) => fixedIn ?? []);
    expect(mending.filter((id) => !protocols.includes(id))).toEqual([]);
    if (protocol.fixes === undefined) return;
    const mended = protocolOf(`${task}@${protocol.fixes}`);
    expect(mended.defects.map((defect) => defect.fixedIn)).toContain(protocol.id);
    expect(protocol.source.project).toBe("Assay");
  });

  test("asks what it asked before, byte for byte", async () => {
    const { protocol, folder } = load();
    let text = await goldenText(await open(reference));
    if (protocol.shots.count === 0 && protocol.shots.split !== undefined) {
      const shots = await open(reference, [{ path: ["shots", "count"], value: 2, by: "--shots 2" }]);
      text += `\n═══════ --shots 2\n\n${await goldenText(shots)}`;
    }
    await expect(text).toMatchFileSnapshot(join(folder, "golden", `${protocol.id}.txt`));
  });
});

test.each(references.filter(judgedByAnswers))(
  "%s counts right answers as right, wrong ones as wrong, none as unparsed",
  async (reference) => {
    const { method } = protocolOf(reference);
    const prepared = await open(reference);
    const right = await scoreAnswers(prepared, (planned) => {
      const gold = goldOf(planned, method);
      return typeof gold === "number" ? gold : specimenOf(planned, gold);
    });
    expect(right.wrong).toEqual([]);
    expect(right.primary.value).toBe(1);
    expect(Object.keys(right.outcomes)).toEqual(["scored"]);
    const wrong = await scoreAnswers(prepared, (planned) => {
      const gold = goldOf(planned, method);
      return typeof gold === "number" ? Number(gold === 0) : specimenOf(planned, wrongAnswer(gold));
    });
    expect(wrong.primary.value).toBe(0);
    if (method !== "generate") return;
    const empty = await scoreAnswers(prepared, () => "");
    expect(empty.primary.value).toBe(0);
    expect(Object.keys(empty.outcomes)).toEqual(["unparsed"]);
  },
);

test.each(tasks)("$task.id has a card and a default protocol", ({ task, protocols }) => {
  expect(protocols).toContain(task.defaultProtocol);
  if (task.chatProtocol !== undefined) expect(protocolOf(`${task.id}@${task.chatProtocol}`).layout).toBe("chat");
  expect(task.card.doesNotSay).toBeTruthy();
  expect(task.card.size).toBeGreaterThan(0);
  expect("repo" in task.dataset).toBe(hasFixtures(task.id));
});

test.each(headline)("%s pins a commit, the number of its rows and what they hold", (id) => {
  const { dataset, expected, evaluate, card } = loadTask(join(bundledTasks, id)).task;
  expect("repo" in dataset && dataset.revision).toMatch(/^[0-9a-f]{40}$/);
  expect(expected?.rows?.[evaluate]).toBe(card.size);
  expect(Object.values(expected?.items ?? {}).filter((hash) => /^[0-9a-f]{64}$/.test(hash)).length).toBeGreaterThan(1);
});

const generated = headline
  .flatMap((id) => references.filter((reference) => reference.startsWith(`${id}@`)))
  .filter((reference) => protocolOf(reference).method === "generate");

test.each(generated)("%s offers a baseline the right answer among those it may give", async (reference) => {
  const offered: [unknown, string[]][] = [];
  for await (const { scoring, hints } of planRequests(await open(reference))) {
    if (hints.choiceAnswers) offered.push([scoring.target, hints.choiceAnswers]);
  }
  expect(offered.filter(([target, answers]) => !answers.includes(String(target)))).toEqual([]);
});
