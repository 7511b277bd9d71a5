/**
 * The string that Hendrycks et al. compare answers by ("strip_string"): layout, units on the right, percent signs and spaces
 * go; shorthand fractions and roots are written out. Steps and their order are those of the reference, oddities included.
 * Where the reference gives up (an unfinished command, two units), the text counts as it is.
 *
 * @see https://github.com/EleutherAI/lm-evaluation-harness/blob/v0.4.13/lm_eval/tasks/hendrycks_math/utils.py
 */
export function hendrycksString(answer: string): string | undefined {
  let text = answer.replaceAll("\n", "").replaceAll("\\!", "").replaceAll("\\\\", "\\");
  text = text.replaceAll("tfrac", "frac").replaceAll("dfrac", "frac");
  for (const gone of ["\\left", "\\right", "^{\\circ}", "^\\circ", "\\$"]) text = text.replaceAll(gone, "");
  const units = text.split("\\text{ ");
  if (units.length > 2) return undefined;
  text = (units[0] ?? "").replaceAll("\\%", "").replaceAll(" .", " 0.").replaceAll("{.", "{0.");
  if (text === "") return text;
  if (text.startsWith(".")) text = `0${text}`;
  const sides = text.split("=");
  if (sides.length === 2 && codePoints(sides[0] ?? "").length <= 2) text = sides[1] ?? "";
  const withRoots = bracedRoots(text);
  const withFractions = withRoots === undefined ? undefined : bracedFractions(withRoots.replaceAll(" ", ""));
  if (withFractions === undefined) return undefined;
  return slashFraction(withFractions === "0.5" ? "\\frac{1}{2}" : withFractions);
}

/** Whether the reference takes two answers for the same; texts that it can't normalise are compared as they are. */
export function hendrycksEqual(a: string, b: string): boolean {
  const [left, right] = [hendrycksString(a), hendrycksString(b)];
  return left === undefined || right === undefined ? a === b : left === right;
}

function codePoints(text: string): string[] {
  return [...text];
}

function bracedRoots(text: string): string | undefined {
  const [head = "", ...rest] = text.split("\\sqrt");
  let result = head;
  for (const part of rest) {
    const [first, ...others] = codePoints(part);
    if (first === undefined) return undefined;
    result += first === "{" ? `\\sqrt${part}` : `\\sqrt{${first}}${others.join("")}`;
  }
  return result;
}

function bracedFractions(text: string): string | undefined {
  const [head = "", ...rest] = text.split("\\frac");
  let result = head;
  for (const part of rest) {
    const [over, under, ...others] = codePoints(part);
    if (over === undefined) return undefined;
    if (over === "{") result += `\\frac${part}`;
    else if (under === undefined) return text;
    else result += `\\frac{${over}}${under === "{" ? under : `{${under}}`}${others.join("")}`;
  }
  return result;
}

function slashFraction(text: string): string | undefined {
  const sides = text.split("/");
  if (sides.length !== 2) return text;
  if (!sides.every((side) => /^\s*[+-]?\d+(?:_\d+)*\s*$/.test(side))) return undefined;
  return sides.every((side) => /^(?:0|-?[1-9]\d*)$/.test(side)) ? `\\frac{${sides[0]}}{${sides[1]}}` : text;
}
