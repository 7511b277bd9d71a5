import { visibleSegments } from "../../data/visible-text.ts";

type Child = Node | string | null;

/** Makes an element. Strings become text nodes: nothing that comes from outside is ever read as markup. */
export function build<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Text from outside with nothing hidden in it. `mark` highlights a span given in UTF-16 offsets. */
export function outsideText(
  text: string,
  options: { whitespace?: boolean; mark?: [number, number] | null } = {},
): Node {
  const fragment = document.createDocumentFragment();
  const { mark } = options;
  const pieces = mark
    ? [
        { text: text.slice(0, mark[0]), marked: false },
        { text: text.slice(mark[0], mark[1]), marked: true },
        { text: text.slice(mark[1]), marked: false },
      ]
    : [{ text, marked: false }];
  for (const piece of pieces) {
    const parent = piece.marked ? build("mark", {}) : fragment;
    for (const segment of visibleSegments(piece.text, { whitespace: options.whitespace ?? false })) {
      const kind = segment.note === "white space" ? "hidden-character space" : "hidden-character";
      parent.append(
        segment.note === null ? segment.text : build("span", { class: kind, title: segment.note }, segment.text),
      );
    }
    if (piece.marked && piece.text !== "") fragment.append(parent);
  }
  return fragment;
}

const shownAtFirst = 4000;
const charactersPerChunk = 20_000;

/** A block of text from outside; what is long is cut, and shown whole on demand. */
export function textBlock(
  text: string,
  options: {
    whitespace?: boolean;
    mark?: [number, number] | null;
    whole?: () => Promise<string>;
    length?: number;
  } = {},
): HTMLElement {
  const block = build("pre", { tabindex: "0", dir: "auto" });
  const length = options.length ?? text.length;
  if (length <= shownAtFirst) {
    block.append(outsideText(text, options));
    return block;
  }
  const marked = options.mark && options.mark[1] <= shownAtFirst ? options.mark : null;
  block.append(outsideText(text.slice(0, shownAtFirst), { ...options, mark: marked }));
  const button = build("button", { type: "button" }, `Show all ${length.toLocaleString("en")} characters`);
  button.addEventListener("click", async () => {
    const whole = options.whole ? await options.whole() : text;
    block.replaceChildren(
      ...chunksOf(whole).map((chunk) =>
        build("span", { class: "chunk" }, outsideText(chunk, { whitespace: options.whitespace ?? false })),
      ),
    );
    button.remove();
  });
  return build("div", {}, block, button);
}

/** Pieces that a browser lays out one by one as they come into view; ten megabytes in one piece take it seconds. */
function chunksOf(text: string): string[] {
  const chunks: string[] = [];
  for (let from = 0; from < text.length; ) {
    const line = text.lastIndexOf("\n", from + charactersPerChunk);
    const to =
      text.length - from <= charactersPerChunk ? text.length : line > from ? line + 1 : from + charactersPerChunk;
    chunks.push(text.slice(from, to));
    from = to;
  }
  return chunks;
}

/** A table of two columns: what and which. */
export function factTable(rows: readonly (readonly [string, Child])[]): HTMLTableElement {
  const body = build(
    "tbody",
    {},
    ...rows.map(([name, value]) => build("tr", {}, build("th", { scope: "row" }, name), build("td", {}, value))),
  );
  return build("table", { class: "fields" }, body);
}
