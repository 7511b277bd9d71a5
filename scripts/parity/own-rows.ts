/** One row in the columns of a data set. */
export type OwnRow = Record<string, unknown>;

/** Questions whose options need what the source does to texts: trimming, "[title]", double blanks; and Unicode. */
export function gpqaRows(): OwnRow[] {
  return Array.from({ length: 24 }, (_, index) => ({
    "Record ID": `own-${index}`,
    Question: ` What is ${index} times ${index + 1}?\nTake  care${index % 4 === 0 ? " of “signs”" : ""}. `,
    "Correct Answer": index % 5 === 0 ? ` ${index * (index + 1)} \n` : `${index * (index + 1)}`,
    "Incorrect Answer 1": `${index * index}${index % 3 === 0 ? " [title] or so" : ""} less`,
    "Incorrect Answer 2": `${index + 1}  more`,
    "Incorrect Answer 3": `√${index} − π`,
    "High-level domain": ["Physics", "Chemistry", "Biology"][index % 3],
    Subdomain: "own",
  }));
}

const noDate = { day: "", month: "", year: "" };

function dropAnswer(index: number) {
  if (index % 4 === 0) return { number: `${index}.5`, date: noDate, spans: [] };
  if (index % 4 === 1) return { number: `${index * 1000}`, date: noDate, spans: [] };
  if (index % 4 === 2)
    return { number: "", date: { day: `${1 + index}`, month: "May", year: index % 3 === 0 ? "" : "1865" }, spans: [] };
  return {
    number: "",
    date: noDate,
    spans: index % 3 === 0 ? ["the old  mill", "A-Town's barn"] : [`${index} bells, and a drum`],
  };
}

/** Numbers with decimals, dates with missing parts, one and several spans; validated answers that differ or are missing. */
export function dropRows(split: string): OwnRow[] {
  return Array.from({ length: split === "train" ? 8 : 24 }, (_, index) => {
    const others = Array.from({ length: index % 3 }, (_, other) => dropAnswer(index + other));
    return {
      section_id: `own_${index}`,
      query_id: `${split}-${index}`,
      passage: `The fair sold ${index}.5 drums and ${index * 1000} bells.  It opened in ${1860 + index}.`,
      question: "How many were sold, when, and where?",
      answer: { ...dropAnswer(index), worker_id: "w", hit_id: "h" },
      validated_answers: {
        number: others.map(({ number }) => number),
        date: others.map(({ date }) => date),
        spans: others.map(({ spans }) => spans),
        worker_id: others.map(() => "w"),
        hit_id: others.map(() => "h"),
      },
    };
  });
}

const people = [
  "Ada  Lovelace",
  "E. Noether",
  "Gauß",
  "O'Neill, J.",
  "al-Khwārizmī",
  "42nd Street",
  "The Beatles",
  "Žižka!",
];

/** Aliases with punctuation, case, blanks and letters beyond ASCII. */
export function triviaRows(split: string): OwnRow[] {
  return Array.from({ length: split === "train" ? 8 : 24 }, (_, index) => {
    const name = people[index % people.length] ?? "";
    const aliases = [name, name.toUpperCase(), `${name} (${index})`];
    return {
      question: `Who wrote book ${index}${index % 2 === 0 ? "" : "?"}`,
      question_id: `${split}_${index}`,
      question_source: "own",
      answer: {
        value: name,
        aliases,
        normalized_aliases: aliases.map((alias) => alias.toLowerCase()),
        normalized_value: name.toLowerCase(),
        matched_wiki_entity_name: "",
        normalized_matched_wiki_entity_name: "",
        type: "WikipediaEntity",
      },
    };
  });
}
