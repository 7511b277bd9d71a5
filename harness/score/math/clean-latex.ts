/**
 * Brings the ways in which one answer is written to one spelling: layout commands, spacing, wrappers, shorthand fractions
 * and roots, thousands separators, currency and trailing units go. What is left still is LaTeX.
 */
export function cleanLatex(source: string): string {
  let text = source.trim();
  text = unwrap(text).trim();
  for (const [pattern, replacement] of [...signs, ...spelling]) text = text.replace(pattern, replacement);
  text = wholeText(text) ?? withoutUnits(text);
  for (const [pattern, replacement] of shorthand) text = text.replace(pattern, replacement);
  return text.replace(/\s+/g, " ").trim();
}

type Rule = [pattern: RegExp, replacement: string];

/** Signs as people type them. */
const signs: Rule[] = [
  [/\u2212/g, "-"],
  [/\u200b|\ufeff/g, ""],
  [/∞/g, "\\infty "],
  [/×|·/g, "\\times "],
  [/÷/g, "/"],
  [/≤/g, "\\le "],
  [/≥/g, "\\ge "],
  [/∪/g, "\\cup "],
  [/∈/g, "\\in "],
  [/²/g, "^2"],
  [/³/g, "^3"],
  [/√\s*(\d+|[a-zA-Z])/g, "\\sqrt{$1}"],
  [/√\s*\(([^()]*)\)/g, "\\sqrt{$1}"],
];

const spelling: Rule[] = [
  [/\\(?:left|right|bigl|bigr|big|Big|Bigl|Bigr)(?![a-zA-Z])\s*\.?/g, ""],
  [/\\displaystyle(?![a-zA-Z])/g, ""],
  [/\\(?:dfrac|tfrac|cfrac)(?![a-zA-Z])/g, "\\frac"],
  [/\\(?:mbox|textrm|mathrm|textbf|textit|operatorname)\s*\{/g, "\\text{"],
  [/(?<=\d),\\!\s*(?=\d)/g, ""],
  [/(?<=\d)\{,\}(?=\d)/g, ""],
  [/(?<!\\)\\[!,:;]|\\q?quad(?![a-zA-Z])|~/g, " "],
  [/(?<!\\)\\ (?=\S|$)/g, " "],
  [/\\\$|\$/g, ""],
  [/\\cdot(?![a-zA-Z])/g, "\\times"],
  [/\u00b0|\^\s*(?:\\circ|\{\s*\\circ\s*\})/g, "\\degree"],
  [/\\(?:degree|degrees)(?![a-zA-Z])/g, "\\degree"],
  [/\\le(?:q|qslant)?(?![a-zA-Z])/g, "\\le"],
  [/\\ge(?:q|qslant)?(?![a-zA-Z])/g, "\\ge"],
  [/(?<![\d.])\.(?=\d)/g, "0."],
  [/(?<=[^\s.])\.(?=\s*$)/, ""],
];

const shorthand: Rule[] = [
  [/\\frac\s*(\d)\s*(\d)/g, "\\frac{$1}{$2}"],
  [/\\frac\s*(\d)\s*\{/g, "\\frac{$1}{"],
  [/(\\frac\s*\{[^{}]*\})\s*(\d)/g, "$1{$2}"],
  [/\\frac\s+\{/g, "\\frac{"],
  [/\\sqrt\s*(\d)/g, "\\sqrt{$1}"],
  [/\\sqrt\s+([a-zA-Z])/g, "\\sqrt{$1}"],
  [/\s*\\degree\s*$/, ""],
  [/^\s*(-?)\s*(\d{1,3}(?:,\d{3})+)(\.\d+)?\s*$/, "$1$2$3"],
];

/** Takes off what stands round the whole answer: dollar signs, `\( \)`, `\[ \]`, `\boxed{}`, a sentence's full stop. */
function unwrap(text: string): string {
  const inner =
    /^\$\$([\s\S]*)\$\$\.?$/.exec(text) ??
    /^\$([^$]*)\$\.?$/.exec(text) ??
    /^\\\(([\s\S]*)\\\)\.?$/.exec(text) ??
    /^\\\[([\s\S]*)\\\]\.?$/.exec(text) ??
    /^\\(?:boxed|fbox)\s*\{([\s\S]*)\}\.?$/.exec(text) ??
    /^\*\*([^*]*)\*\*\.?$/.exec(text);
  return inner ? unwrap((inner[1] ?? "").trim()) : text;
}

/** Words in place of a formula: `\text{Evelyn}`, `\text{(C)}`. */
function wholeText(text: string): string | undefined {
  return /^\s*\\text\{([^{}]*)\}\s*\.?\s*$/.exec(text)?.[1]?.trim();
}

/** Drops `\text{ cm}^2` and plain unit words behind a value. */
function withoutUnits(text: string): string {
  return text
    .replace(/\\text\{\s*and\s*\}/g, ",")
    .replace(/\\text\{\s*or\s*\}/g, ",")
    .replace(/(?<=[\d})])\s+(?:and|or)\s+(?=[-\d\\(a-z])/g, ",")
    .replace(/(?<=[\d})\\a-z])\s*\\text\{[^{}]*\}(?:\s*\^\s*(?:\d|\{\d\}))?/g, "")
    .replace(unitWord, "");
}

const unitWord =
  /(?<=[\d})])\s*(?:square |cubic )?(?:units?|cm|mm|km|meters?|metres?|inch(?:es)?|feet|foot|ft|miles?|mph|degrees?|hours?|minutes?|seconds?|days?|weeks?|years?|dollars?|euros?|cents?|pounds?|grams?|kg|points?|people|ways)(?:\s*\^\s*(?:\d|\{\d\}))?\.?\s*$/i;
