/** A page as far as the checks look at it. */
export interface ReadPage {
  /** Values of href and src. */
  links: string[];
  ids: Set<string>;
  /** Numbers that say what they are: `<data value>` with its text. */
  data: { value: number; text: string }[];
  /** Text that stands where numbers belong to `<data>`, without what is in it. */
  loose: { text: string; where: string }[];
  scripts: string[];
  /** Attributes that run or style things in place, which the content policy forbids. */
  inline: string[];
}

const token =
  /<!--[\s\S]*?-->|<!doctype[^>]*>|<(\/?)([a-zA-Z][\w-]*)((?:\s+[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))?)*)\s*(\/?)>|[^<]+/g;
const attribute = /([^\s=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g;
const empty = new Set("area base br col embed hr img input link meta source track wbr".split(" "));
/** Texts in which digits are not scores: code, dates, drawings, words from a record. */
const exempt = new Set([
  "code",
  "pre",
  "time",
  "svg",
  "script",
  "title",
  "h1",
  "h2",
  "h3",
  "figcaption",
  "a",
  "summary",
  "kbd",
  "option",
]);

interface Open {
  tag: string;
  exempt: boolean;
  numeric: boolean;
}

/** Reads a page that Astro wrote. Not a parser for anybody's HTML: what we write is regular. */
export function readPage(html: string): ReadPage {
  const page: ReadPage = { links: [], ids: new Set(), data: [], loose: [], scripts: [], inline: [] };
  const stack: Open[] = [];
  let value: number | null = null;
  for (const match of html.matchAll(token)) {
    const [text, closing, name, attributes = ""] = match;
    if (name === undefined) {
      if (!text.startsWith("<")) takeText(page, decode(text), stack, value);
      continue;
    }
    const tag = name.toLowerCase();
    if (closing) {
      while (stack.length > 0 && stack.pop()?.tag !== tag);
      if (tag === "data") value = null;
      continue;
    }
    const found = readAttributes(attributes);
    takeAttributes(page, tag, found);
    if (tag === "data") value = Number(found.get("value"));
    if (!empty.has(tag) && !match[4]) stack.push(open(tag, found, stack.at(-1)));
  }
  return page;
}

function open(tag: string, found: ReadonlyMap<string, string>, parent: Open | undefined): Open {
  const classes = (found.get("class") ?? "").split(" ");
  const numeric = (tag === "td" && (classes.includes("num") || classes.includes("score"))) || tag === "dd";
  return {
    tag,
    exempt: (parent?.exempt ?? false) || exempt.has(tag) || found.has("data-text"),
    numeric: (parent?.numeric ?? false) || numeric,
  };
}

function takeText(page: ReadPage, text: string, stack: readonly Open[], value: number | null): void {
  const top = stack.at(-1);
  if (value !== null) page.data.push({ value, text });
  else if (top && !top.exempt && /\d/.test(text)) page.loose.push({ text, where: top.numeric ? "number" : "prose" });
}

function takeAttributes(page: ReadPage, tag: string, found: ReadonlyMap<string, string>): void {
  for (const [name, value] of found) {
    if (name === "href" || name === "src") page.links.push(value);
    if (name === "id") page.ids.add(value);
    if (name === "style" || name.startsWith("on")) page.inline.push(`${tag} ${name}`);
  }
  if (tag === "script") page.scripts.push(found.get("src") ?? "");
}

function readAttributes(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(attribute)].map((match) => [match[1] ?? "", decode(match[2] ?? match[3] ?? match[4] ?? "")]),
  );
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };

function decode(text: string): string {
  return text.replace(/&(#x?[\da-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return entities[name] ?? whole;
    return String.fromCodePoint(Number.parseInt(name.replace(/^#x?/i, ""), /^#x/i.test(name) ? 16 : 10));
  });
}
