import { build } from "./build-element.ts";

interface Difference {
  difference: number;
  low: number;
  high: number;
}

/** A difference and its interval on a line with zero in the middle. */
export function differencePlot(
  { difference, low, high }: Difference,
  { higherIsBetter, text }: { higherIsBetter: boolean; text: (value: number) => string },
): HTMLElement {
  const reach = Math.max(Math.abs(low), Math.abs(high)) * 1.15 || 1;
  const at = (value: number) => (360 + (350 * value) / reach).toFixed(1);
  const svg = draw("svg", {
    viewBox: "0 0 720 62",
    role: "img",
    "aria-label": "The difference and its interval, with zero in the middle. The table holds the same numbers.",
  });
  const [left, right] = higherIsBetter ? ["B better", "A better"] : ["A better", "B better"];
  const group = draw("g", { class: "series-1" });
  group.append(
    draw("path", { class: "whisker", d: `M${at(low)} 24H${at(high)}` }),
    draw("circle", { class: "dot", cx: at(difference), cy: "24", r: "4" }),
  );
  const reference = draw("g", { class: "reference" });
  reference.append(draw("path", { d: `M${at(0)} 4V44` }));
  svg.append(
    reference,
    group,
    label({ x: at(0), y: "58", "text-anchor": "middle" }, "0"),
    label({ x: "10", y: "58" }, left),
    label({ x: "710", y: "58", "text-anchor": "end" }, right),
    label({ class: "label", x: at(difference), y: "14", "text-anchor": "middle" }, text(difference)),
  );
  const figure = build("figure", { class: "chart strip" });
  figure.append(svg);
  return figure;
}

function label(attributes: Record<string, string>, words: string): SVGElement {
  const element = draw("text", attributes);
  element.append(words);
  return element;
}

function draw(tag: string, attributes: Record<string, string>): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
