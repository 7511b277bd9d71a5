import { basename } from "node:path";
import { pythonLiteral } from "../../prompt/index.ts";
import { sha256 } from "../../record/index.ts";
import { fixed } from "./jinja-source.ts";
import type { Recogniser } from "./known-helper.ts";
import { closureOf, type PythonModule, shapeOf } from "./python-source.ts";

/** Shapes of mmlu_prox/<language>/utils.py: `doc_to_text` and `fewshot_to_text`. */
const withoutAnswer = "7dff72c790c399f6";
const withAnswer = "619bb7d787efe566";
/** The strings in them, before the letters of the options. */
const fixedStrings = ["", "\n", "question", "\n", "", "\n", "option_", "{}. {}\n", "cot_content", "\n\n"];

/** Shape and strings of what openai-mmmlu/default/utils.py registers its `process_<subject>` functions with. */
const register = "_register_subject_filters";
const registerShape = "8400f7ff82e90007";
const registerStrings = ["process_", "Subject", "_test.csv", "_test-"];

/** MMLU-ProX: MMLU-Pro's questions in the words of a language, which a table in another module holds. */
export const mmluProx: Recogniser = ({ shapeHash, strings, folder, module }, modules) => {
  if (shapeHash !== withoutAnswer && shapeHash !== withAnswer) return undefined;
  if (strings.slice(0, fixedStrings.length).some((text, index) => text !== fixedStrings[index])) return undefined;
  const source = /^from (\S+) import LANG_LIBS$/.exec(module.bindings.get("LANG_LIBS") ?? "")?.[1];
  const words = source && languageWords(modules.imported(source), basename(folder));
  if (!words) return undefined;
  const letters = strings.slice(10);
  const options = Array.from({ length: 10 }, (_, index) => {
    const name = `${strings[6]}${index}`;
    return `{% if ${name} is not none %}${letters[index]}. {{ ${name} }}\n{% endif %}`;
  });
  const [question = "", heading = "", think = "", , lead = ""] = words;
  const prompt = `${fixed(question)}\n{{ question }}\n${fixed(heading)}\n${options.join("")}`;
  if (shapeHash === withoutAnswer) return { value: `${prompt}${fixed(think)}` };
  return { value: `${prompt}{{ cot_content.replace(${JSON.stringify(lead)}, ${JSON.stringify(think)}) }}\n\n` };
};

function languageWords(module: PythonModule | undefined, language: string): string[] | undefined {
  const table = module?.bindings.get("LANG_LIBS");
  // Only the wanted language is read: the table holds some thirty.
  const from = table?.indexOf(`"${language}": [`) ?? -1;
  if (table === undefined || from < 0) return undefined;
  const list = table.slice(from + language.length + 4);
  const literal = /^\[(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\s,])*\]/.exec(list)?.[0];
  return literal === undefined ? undefined : (pythonLiteral(literal) as string[]);
}

/** OpenAI's MMMLU: one subject, in a column that sometimes holds a file name instead. */
export const mmmluSubject: Recogniser = ({ function: name, module, closure }) => {
  if (closure !== "" || !name.startsWith("process_")) return undefined;
  if (!module.statements.includes(`${register}()`)) return undefined;
  const { shape, strings } = shapeOf(closureOf(module, register), register);
  if (sha256(shape).slice(0, 16) !== registerShape || strings.join() !== registerStrings.join()) return undefined;
  const subject = JSON.stringify(name.slice("process_".length));
  const bare = `(Subject.split("_test.csv")[0] if "_test.csv" in Subject else Subject.split("_test-")[0])`;
  return { keep: `Subject is string and ${bare} == ${subject}` };
};
