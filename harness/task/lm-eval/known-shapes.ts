import { column, eachOf, fixed, formatted, literal, shown } from "./jinja-source.ts";
import type { Knowledge, Recogniser } from "./known-helper.ts";

/** What code of a shape does, given its strings. */
type Meaning = (strings: readonly string[]) => Knowledge | undefined;

/** The string at a position; there is one, since the shape is the same. */
const at = (strings: readonly string[], position: number) => strings[position] ?? "";
const columnAt = (strings: readonly string[], position: number) => column(at(strings, position));
const columnsAt = (strings: readonly string[], positions: readonly number[]) =>
  `[${positions.map((position) => columnAt(strings, position)).join(", ")}]`;
const literalAt = (strings: readonly string[], position: number) => literal(at(strings, position));
const slice = (strings: readonly string[], from: number, to: number) => literal(strings.slice(from, to));

/** Titles, brackets and double blanks taken out, as HellaSwag's authors do. */
function cleaned(expression: string, words: readonly string[]): string {
  const [title, stop, brackets, nothing, twice, once] = words.map((word) => literal(word));
  return `((${expression}).strip().replace(${title}, ${stop})|regex_replace(${brackets}, ${nothing})).replace(${twice}, ${once})`;
}

function cleanedEach(list: string, words: readonly string[]): string {
  const [title, stop, brackets, nothing, twice, once] = words.map((word) => literal(word));
  return `${list}|map("trim")|map("replace", ${title}, ${stop})|map("regex_replace", ${brackets}, ${nothing})|map("replace", ${twice}, ${once})|list`;
}

/** What we tell templates of a row besides its columns. */
const ourColumns = ["data_file", "data_row"];

/** `process_docs` that derive columns or leave rows out. */
const rows: Record<string, Meaning> = {
  // mmlusr/*/utils.py: choices and answer, missing ones empty
  f1a91d2d7ff7ceda: (s) => ({
    fields: {
      [at(s, 0)]: `{{ [${[1, 3, 5, 7].map((i) => `${columnAt(s, i)} or ${literalAt(s, i + 1)}`).join(", ")}] }}`,
      [at(s, 9)]: `{{ (${columnAt(s, 10)} or ${literalAt(s, 11)}).strip() }}`,
    },
  }),
  // arabic_leaderboard_*/arabic_leaderboard_avca*/utils.py: true or false
  b8b1faa138589315: (s) => ({
    fields: {
      [at(s, 2)]: `${fixed(at(s, 3))}${shown(columnAt(s, 0))}${fixed(at(s, 4))}`,
      [at(s, 8)]: `{{ ${slice(s, 9, 11)}.index(${columnAt(s, 1)}) }}`,
      [at(s, 5)]: `{{ ${slice(s, 6, 8)} }}`,
    },
  }),
  // arabic_leaderboard_*/arabic_leaderboard_arabic_mmlu*/utils.py: letters of two alphabets
  "160e9a9c803a1389": (s) => {
    const labels = s.slice(45, 49);
    const options = [3, 4, 5, 6].map(
      (position, i) =>
        `${fixed(at(s, 12) + at(labels, i) + at(s, 13))}${shown(columnAt(s, position))}${fixed(at(s, 14))}`,
    );
    const topic = shown(`${columnAt(s, 0)}.replace("_", " ")`);
    const question = `${fixed(at(s, 8))}${fixed(at(s, 1))}${topic}${fixed(at(s, 2) + at(s, 9))}{{ question }}${fixed(at(s, 10))}`;
    return {
      fields: {
        [at(s, 16)]: `${question}${options.join(fixed(at(s, 11)))}${fixed(at(s, 15))}`,
        [at(s, 18)]: `{{ ${slice(s, 19, 45)}.index(${columnAt(s, 7)}) }}`,
        [at(s, 17)]: `{{ ${literal(labels)} }}`,
      },
    };
  },
  // tmmluplus/default/utils.py
  "96887f50cb3d0825": (s) => ({
    fields: {
      [at(s, 4)]: `{{ ${columnAt(s, 5)} }}`,
      [at(s, 6)]: `{{ ${columnsAt(s, [7, 8, 9, 10])} }}`,
      [at(s, 11)]: `{{ ${slice(s, 0, 4)}.index(${columnAt(s, 12)}) }}`,
    },
  }),
  // eus_exams/utils.py: rows without an answer or without candidates are left out
  "943611d9732f3c22": (s) => ({
    keep: `${columnAt(s, 0)} in [0, 1, 2, 3] and ${columnAt(s, 1)} != ${slice(s, 2, 6)}`,
  }),
  // hellaswag/utils.py and its copies
  e73516ed8e34e21f: (s) => {
    const words = s.slice(10, 16);
    const context = `${columnAt(s, 0)} ~ ${literalAt(s, 1)} ~ ${columnAt(s, 2)}.capitalize()`;
    return {
      fields: {
        [at(s, 3)]: `{{ ${cleaned(`${columnAt(s, 4)} ~ ${literalAt(s, 5)} ~ ${context}`, words)} }}`,
        [at(s, 6)]: `{{ ${cleanedEach(columnAt(s, 7), words)} }}`,
        [at(s, 8)]: `{{ ${columnAt(s, 9)}|int }}`,
      },
    };
  },
  // okapi/arc_multilingual/utils.py: up to five options, missing ones left out
  b3ce22e8a050ae8c: (s) => {
    const words = s.slice(19, 25);
    return {
      fields: {
        [at(s, 2)]: `{{ ${literalAt(s, 3)} ~ ${cleaned(columnAt(s, 4), words)} ~ ${literalAt(s, 5)} }}`,
        [at(s, 6)]: `{{ ${cleanedEach(`${columnsAt(s, [7, 8, 9, 10, 11])}|select`, words)} }}`,
        [at(s, 12)]: `{{ ${slice(s, 13, 18)}.index(${columnAt(s, 18)}) }}`,
      },
    };
  },
  // arabic_leaderboard_*/arabic_leaderboard_alghafa*/utils.py: every column that isn't something else is a choice
  b542a517810b2de1: (s) => ({
    fields: {
      [at(s, 14)]:
        `{{ __row__.items()|rejectattr(0, "in", ${literal([...s.slice(2, 5), ...ourColumns])})|map(attribute=1)|list }}`,
      [at(s, 15)]: `{{ ${columnAt(s, 1)}|int }}`,
      [at(s, 13)]:
        `${fixed(at(s, 6) + at(s, 5) + at(s, 7))}${shown(columnAt(s, 0))}${fixed(at(s, 8))}${eachOf(at(s, 14), `${fixed(at(s, 9))}{{ loop.index0 }}${fixed(at(s, 10))}{{ entry }}${fixed(at(s, 11))}`)}${fixed(at(s, 12))}`,
    },
  }),
  // okapi/truthfulqa_multilingual/utils.py
  "02b5c1033dbc8ea3": (s) => {
    const clean = (name: string) =>
      `(${cleaned(name, s.slice(16, 22))} if ${name} is not none else ${literalAt(s, 15)})`;
    return {
      fields: {
        [at(s, 2)]: `{{ ${literal(s.slice(22).join("") + at(s, 3))} ~ ${clean(columnAt(s, 4))} ~ ${literalAt(s, 5)} }}`,
        [at(s, 0)]: `{{ ${clean(columnAt(s, 1))} }}`,
        [at(s, 6)]: `{{ ${columnAt(s, 7)} }}`,
        [at(s, 8)]: `{{ ${columnAt(s, 9)} }}`,
        [at(s, 10)]: `{{ {${literalAt(s, 11)}: ${columnAt(s, 12)}} }}`,
        [at(s, 13)]: fixed(at(s, 14)),
      },
    };
  },
  // arithmetic/utils.py
  c26f3b16e241ad93: (s) => ({
    fields: {
      [at(s, 0)]:
        `{{ ${columnAt(s, 1)}.strip().replace(${literalAt(s, 2)}, ${literalAt(s, 3)}).replace(${literalAt(s, 4)}, ${literalAt(s, 5)}).replace(${literalAt(s, 6)}, ${literalAt(s, 7)}) }}`,
      [at(s, 8)]: `{{ ${columnAt(s, 9)} }}`,
    },
  }),
};

/** MMLU-Pro's question with its options in letters; `most`: options beyond are left out. */
function mmluPro(s: readonly string[], most: number): Knowledge {
  const letters = s.slice(13, 13 + 26);
  const options = most > 0 ? `${columnAt(s, 2)}[:${most}]` : columnAt(s, 2);
  const option = `${fixed(at(s, 5))}{{ ${literal(letters)}[loop.index0] }}${fixed(at(s, 6))}{{ entry.strip() }}${fixed(at(s, 7))}`;
  return {
    value: `${fixed(at(s, 0))}${shown(columnAt(s, 1))}${fixed(at(s, 3) + at(s, 4))}${eachOf(options, option)}${fixed(at(s, 12))}`,
  };
}

/** A question in a context, and its options in letters, put into a prompt of the module. */
function lettered(s: readonly string[]): Knowledge {
  const question = `${columnAt(s, 1)} if ${columnAt(s, 2)} == ${literalAt(s, 3)} else ${literalAt(s, 4)} ~ context ~ ${literalAt(s, 5)} ~ question`;
  const option = `${fixed(at(s, 7))}{{ ${slice(s, 10, 15)}[loop.index0] }}${fixed(at(s, 8))}{{ entry }}`;
  return {
    value: formatted(at(s, 15), [shown(columnAt(s, 0)), shown(question), eachOf(columnAt(s, 6), option, at(s, 9))]),
  };
}

function firstLetters(s: readonly string[]): string {
  return literal(s.map((label) => [...label][0] ?? ""));
}

/** Functions that give a text, a target or choices. */
const values: Record<string, Meaning> = {
  // mmlu_pro/utils.py: doc_to_text, fewshot_to_text, fewshot_to_target; mmlu-pro-plus/utils.py
  "33002977f78d064e": (s) => mmluPro(s, 10),
  "508b2a0f0b5860bd": (s) => mmluPro(s, 0),
  "7d9e79b865397c22": (s) => ({ value: `{{ ${columnAt(s, 0)}.replace(${literalAt(s, 1)}, ${literalAt(s, 2)}) }}` }),
  // llama3/instruct/mmlu_pro/utils.py: fewshot_to_text
  da663e1d02e12c03: (s) => ({
    value: `{{ ${columnAt(s, 0)}.removeprefix(${literalAt(s, 1)}).strip()|regex_replace(${literalAt(s, 2)}, ${literalAt(s, 3)}) }}`,
  }),
  // afrixnli/*/utils.py: a label in words
  "421949c3f3b2cd9f": (s) => ({ value: `{{ ${slice(s, 0, 3)}[${columnAt(s, 3)}] }}` }),
  // afrimmlu/*/utils.py: choices written as a Python list
  "1e1e8586813b7066": (s) => ({ value: `{{ literal_eval(${columnAt(s, 0)}) }}` }),
  "4ecf9956e72f2af2": (s) => ({
    value: withChoices(s, { subject: shown(columnAt(s, 2)), question: shown(columnAt(s, 3)) }),
  }),
  "949065786a129baf": (s) => ({ value: withChoices(s, { question: shown(columnAt(s, 2)) }) }),
  e673d5efc6223658: (s) => ({
    value: formatted(at(s, 0), { premise: shown(columnAt(s, 1)), hypothesis: shown(columnAt(s, 2)) }),
  }),
  // darijammlu/utils.py, egymmlu/utils.py
  f043529ecfe4c5e5: lettered,
  "77ce25f31acb0a70": (s) => ({ value: `{{ ${firstLetters(s.slice(1))}[:${columnAt(s, 0)}|length] }}` }),
  // greekmmlu/utils.py
  da348cf67490b078: (s) => {
    const pairs = s.slice(6, -5);
    const names = Object.fromEntries(pairs.flatMap((key, i) => (i % 2 === 0 ? [[key, at(pairs, i + 1)]] : [])));
    const option = `${fixed(at(s, 3))}{{ ${slice(s, s.length - 5, s.length - 1)}[loop.index0] }}${fixed(at(s, 4))}{{ entry }}`;
    const subject = shown(`${literal(names)}.get(${columnAt(s, 2)}, ${columnAt(s, 2)})`);
    return {
      value: formatted(s.at(-1) ?? "", [subject, shown(columnAt(s, 0)), eachOf(columnAt(s, 1), option, at(s, 5))]),
    };
  },
  b0b9e5bf476ba897: (s) => ({ value: `{{ ${firstLetters(s.slice(1))}[:${columnAt(s, 0)}|length] }}` }),
  // winogrande/preprocess_winogrande.py and its copies: the blank filled in is the context, what follows is scored
  e542f40903e478e6: (s) => ({ position: `{{ ${slice(s, 0, 2)}.index(${columnAt(s, 2)}) }}` }),
  "048eb22a757aba2f": (s) => {
    if (at(s, 0) !== at(s, 4)) return undefined;
    const before = `${columnAt(s, 4)}.split(${literalAt(s, 1)}, 1)[0]`;
    return { value: `{{ [${before} ~ ${columnAt(s, 2)}, ${before} ~ ${columnAt(s, 3)}] }}` };
  },
  "69016fd69fe44f73": (s) =>
    at(s, 0) === at(s, 2) ? { value: `{{ ${columnAt(s, 2)}.split(${literalAt(s, 1)}, 1)[1].strip() }}` } : undefined,
  // xcopa/utils.py and its copies
  "3d9fbe02f00dfa91": (s) => ({
    value: `{{ [${[0, 1].map((i) => `${columnAt(s, i)}[0].lower() ~ ${columnAt(s, i)}[1:]`).join(", ")}] }}`,
  }),
  "3be805e9aea265b5": (s) => ({
    value: `{{ ${columnAt(s, 5)}.strip()[:-1] ~ ${literalAt(s, 6)} ~ ${literal({ [at(s, 0)]: at(s, 1), [at(s, 2)]: at(s, 3) })}[${columnAt(s, 4)}] }}`,
  }),
  // paloma/paloma_utils.py, and functions that give a column as it is
  "0246953f4369f130": (s) => ({ value: `{{ ${columnAt(s, 0)}|string }}` }),
  aa6fffca3a2b5c1d: (s) => ({ value: `{{ ${columnAt(s, 0)} }}` }),
};

/** `choices` read from a Python list in the column that the second string names. */
function withChoices(s: readonly string[], others: Record<string, string>): string {
  const list = `literal_eval(${columnAt(s, 1)})`;
  const choices = [0, 1, 2, 3].map((i) => [`choice${i + 1}`, shown(`${list}[${i}]`)]);
  return formatted(at(s, 0), { ...others, ...Object.fromEntries(choices) });
}

/** Functions that score: `process_results`. */
const scorings: Record<string, Meaning> = {
  // truthfulqa/utils.py: process_results_mc2
  "26bd199479d034dd": (s) => ({
    fields: {
      right_choices_text: `[{% for label in ${columnAt(s, 0)}[${literalAt(s, 1)}] %}{% if label == 1 %}{{ loop.index0 }}, {% endif %}{% endfor %}]`,
    },
    scoring: { metrics: [{ metric: "mc2", id: at(s, 2) }], target: "{{ literal_eval(right_choices_text) }}" },
  }),
  // agieval/utils.py: process_results_mcqa; lengths are those of the choices that are ranked
  "1ca99a30e4ea4082": (s) =>
    at(s, 1) === "choices"
      ? {
          scoring: {
            metrics: [
              { metric: "acc", id: at(s, 2) },
              { metric: "acc_norm", id: at(s, 3) },
            ],
            target: `{{ ${columnAt(s, 0)} }}`,
          },
        }
      : undefined,
};

const meanings: Readonly<Record<string, Meaning>> = { ...rows, ...values, ...scorings };

/**
 * Helpers whose code, but for its strings, is one that was read and translated by hand. The comments name where
 * lm-evaluation-harness 0.4.13 has it; anybody's copy with other words is recognised as well.
 */
export const knownShape: Recogniser = ({ shapeHash, strings }) => meanings[shapeHash]?.(strings);
