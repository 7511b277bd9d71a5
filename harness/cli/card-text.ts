import type { TaskCard } from "../contracts/index.ts";

/** A task's card as lines of a name and what is known; what isn't known is left out. */
export function cardLines(card: TaskCard): [name: string, value: string][] {
  const { human, labelErrors } = card;
  const known: [string, string | undefined][] = [
    ["purpose", card.purpose],
    ["doesn't say", card.doesNotSay],
    ["items", card.size?.toLocaleString("en")],
    ["chance", chanceOf(card.chance)],
    ["human", human && `${percent(human.value)}${human.who ? ` (${human.who})` : ""}: ${human.source}`],
    ["label errors", labelErrors && `${percent(labelErrors.rate)}: ${labelErrors.source}`],
    ["published", card.published],
    ["contamination", card.contamination],
    ["canary", card.canary],
    ["authors", card.authors],
    ["citation", card.citation],
    ["homepage", card.homepage],
    ["languages", card.languages?.join(", ")],
    ["licence", card.licence],
    ["samples", samplesOf[card.publishSamples]],
  ];
  return known.filter((line): line is [string, string] => line[1] !== undefined);
}

const samplesOf = {
  full: undefined,
  hashed: "published by their hashes only",
  none: "not published",
} satisfies Record<TaskCard["publishSamples"], string | undefined>;

function chanceOf(chance: TaskCard["chance"]): string | undefined {
  return chance === null ? "no meaning here" : chance === undefined ? undefined : percent(chance);
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}
