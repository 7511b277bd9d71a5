import { expect, test } from "vitest";
import { equalAnswers } from "./equal-answers.ts";
import { judgeExpressions } from "./judge-expressions.ts";

const same: [given: string, target: string][] = [
  ["\\frac{1}{2}", "0.5"],
  ["1/2", "\\frac12"],
  ["\\dfrac{17}{50}", "0.34"],
  [".35625", "0.35625"],
  ["10080", "10,\\!080"],
  ["11,111,111,100", "11,\\! 111,\\! 111,\\! 100"],
  ["58500", "58,500"],
  ["$32,348", "\\$32,\\!348"],
  ["18.9", "\\$18.90"],
  ["90", "90^\\circ"],
  ["90°", "90^{\\circ}"],
  ["5.4", "5.4 \\text{ cents}"],
  ["15", "15\\mbox{ cm}^2"],
  ["864 square inches", "864 \\mbox{ inches}^2"],
  ["\\frac{270}{7}", "\\frac{270}7\\text{ degrees}"],
  ["10\\%", "0.1"],
  ["25", "25\\%"],
  ["6.72 \\times 10^{-5}", ".0000672"],
  ["1\\frac{4}{5}", "\\frac{9}{5}"],
  ["137.5", "137 \\frac{1}{2}"],
  ["11\\sqrt{2}", "11\\sqrt2"],
  ["\\sqrt{242}", "11\\sqrt2"],
  ["\\frac{1}{\\sqrt{3}}", "\\frac{\\sqrt{3}}{3}"],
  ["2\\sqrt{113}", "\\sqrt{452}"],
  ["5", "x=5"],
  ["x = 5", "5"],
  ["\\text{Evelyn}", "Evelyn"],
  ["evelyn", "\\text{Evelyn}"],
  ["C", "\\text{(C)}"],
  ["(C)", "\\text{(C)}"],
  ["-2,1", "1,-2"],
  ["3, 7, 5", "3, 5, 7"],
  ["1\\text{ and }-2", "1,-2"],
  ["1+\\sqrt{19}, 1-\\sqrt{19}", "1 \\pm \\sqrt{19}"],
  ["\\{-2, 1-\\sqrt5, 1+\\sqrt5\\}", "\\{1\\pm\\sqrt{5},-2\\}"],
  ["\\pm 3", "3, -3"],
  ["(3, \\pi/2)", "\\left( 3, \\frac{\\pi}{2} \\right)"],
  ["\\left(\\frac{3}{5}, \\frac{8}{3}\\right]", "(0.6, 8/3]"],
  ["(-\\infty,2)\\cup(3,\\infty)", "(3, \\infty) \\cup (-\\infty, 2)"],
  ["[-2,7]", "x \\in [-2,7]"],
  [
    "\\begin{pmatrix} -1/3 \\\\ 2/3 \\\\ 5/3 \\end{pmatrix}",
    "\\begin{bmatrix}-\\frac13\\\\\\frac23\\\\\\frac53\\end{bmatrix}",
  ],
  ["x^2+2x+1", "(x+1)^2"],
  ["(b+2)(a+5)", "(a+5)(b+2)"],
  ["-p+q", "q - p"],
  ["2(k+1)", "2k+2"],
  ["1 - x + x^2", "x^2-x+1"],
  ["y - 2x = 3", "y = 2x + 3"],
  ["2x+3", "y = 2x + 3"],
  ["6 + 9i", "9i+6"],
  ["52_8", "52_{8}"],
  ["288\\pi", "288 \\pi"],
  ["\\frac{\\cos x}{\\sin x}", "\\cot x"],
  ["\\boxed{42}", "42"],
  ["$\\frac{3}{2}$.", "3/2"],
  ["10x - 14y + 22z + 8 = 0", "5x - 7y + 11z + 4 = 0"],
  ["e^{2\\ln 3}", "9"],
];

const different: [given: string, target: string][] = [
  ["11_2", "3"],
  ["11_2", "11_3"],
  ["0.333", "\\frac{1}{3}"],
  ["3.14", "\\pi"],
  ["2,1", "(2,1)"],
  ["(1,2)", "(2,1)"],
  ["(1,2)", "[1,2]"],
  ["[2,7]", "(2,7]"],
  ["1, 2, 2", "1, 2"],
  ["1, 1", "1, 2"],
  ["12", "1, 2"],
  ["1,234", "1.234"],
  ["x^2+1", "x^2-1"],
  ["2x", "3x"],
  ["x+1", "y+1"],
  ["y = 2x - 3", "y = 2x + 3"],
  ["\\sqrt{2}", "1.41"],
  ["100000000000000001", "100000000000000002"],
  ["Evelyn", "Angela"],
  ["A", "B"],
  ["east", "west"],
  ["", "0"],
  ["\\text{even}", "\\text{odd}"],
  ["\\frac{1}{0}", "\\infty"],
  ["i", "1"],
  ["9^{9^{9^{9}}}", "1"],
  ["100000!", "1"],
  ["\\frac", "1"],
  ["the answer is 5", "6"],
  ["-\\frac{1}{2}", "\\frac{1}{2}"],
  ["\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}", "\\begin{pmatrix} 1 & 2 \\end{pmatrix}"],
];

test.each(same)("%s is %s", async (given, target) => {
  expect(await equalAnswers(given, target, judgeExpressions)).toBe(true);
});

test.each(different)("%s isn't %s", async (given, target) => {
  expect(await equalAnswers(given, target, judgeExpressions)).toBe(false);
});

test("after an expression that never ends, the next pair is judged all the same", async () => {
  const endless = equalAnswers("9^{9^{9^{9}}}+x", "1+x", judgeExpressions);
  const next = equalAnswers("(x+1)^2", "x^2+2x+1", judgeExpressions);
  expect(await endless).toBe(false);
  expect(await next).toBe(true);
});
