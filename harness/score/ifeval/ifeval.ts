import { InputError, type JsonObject, type MetricSpec, type ScoringFields } from "../../contracts/index.ts";
import type { ScoreInput } from "../metric.ts";
import { strip } from "../python-text.ts";
import { contentChecks } from "./content-checks.ts";
import { formatChecks } from "./format-checks.ts";
import { type Check, InstructionArguments } from "./instruction.ts";
import { languageChecks } from "./language-checks.ts";

type IfevalSpec = Extract<MetricSpec, { metric: "ifeval" }>;

/** The 25 instructions of IFEval by id. */
export const instructionChecks: ReadonlyMap<string, Check> = new Map(
  Object.entries({ ...contentChecks, ...formatChecks, ...languageChecks }),
);

interface Instruction {
  id: string;
  given: JsonObject;
}

/** The instructions of an item, from its columns `instruction_id_list` and `kwargs`. */
function instructionsOf({ extra }: ScoringFields): Instruction[] {
  const ids = Array.isArray(extra.instruction_id_list) ? extra.instruction_id_list : [];
  const all = Array.isArray(extra.kwargs) ? extra.kwargs : [];
  return ids.map((id, index) => ({
    id: typeof id === "string" ? id : JSON.stringify(id),
    given: (all[index] ?? {}) as JsonObject,
  }));
}

/** Number of instructions of an item: what it weighs on the level of instructions. */
export function instructionCount(fields: ScoringFields): number {
  return instructionsOf(fields).length;
}

/**
 * IFEval's four numbers. An item's value is 1 where all its instructions are followed (prompt level), or the share of those
 * that are (instruction level, weighed by their number). Loose: one of eight versions of the response follows, without
 * asterisks, without its first line, its last line or both.
 *
 * @throws InputError `IFEVAL_INSTRUCTION` on an unknown instruction
 * @see https://github.com/google-research/google-research/tree/master/instruction_following_eval
 */
export function ifeval({ level, loose }: IfevalSpec): (input: ScoreInput) => Promise<number | null> {
  return async ({ answer, fields }) => {
    if (answer === null) return null;
    const versions = (loose ? looseVersions(answer) : [answer]).filter((version) => strip(version) !== "");
    const instructions = instructionsOf(fields);
    let followed = 0;
    for (const instruction of instructions) if (await follows(instruction, versions)) followed += 1;
    if (level === "prompt") return followed === instructions.length ? 1 : 0;
    return instructions.length === 0 ? null : followed / instructions.length;
  };
}

async function follows({ id, given }: Instruction, versions: readonly string[]): Promise<boolean> {
  const check = instructionChecks.get(id);
  if (!check)
    throw new InputError({
      code: "IFEVAL_INSTRUCTION",
      what: `There is no instruction "${id}".`,
      fix: `Known are ${[...instructionChecks.keys()].join(", ")}.`,
    });
  const args = new InstructionArguments(id, given);
  for (const version of versions) if (await check(version, args)) return true;
  return false;
}

function looseVersions(response: string): string[] {
  const lines = response.split("\n");
  const cut = [lines.slice(1), lines.slice(0, -1), lines.slice(1, -1)].map((part) => strip(part.join("\n")));
  const all = [response, ...cut];
  return [...all, ...all.map((version) => version.replaceAll("*", ""))];
}
