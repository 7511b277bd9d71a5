import { ContentError } from "../errors/content-error.ts";

/** Where in a file something is wrong; lines and rows count from 1, as editors do. */
export interface ContentPlace {
  file: string;
  line?: number;
  row?: number;
}

/** The error for content that doesn't follow its format. */
export function malformed(place: ContentPlace, why: string, cause?: unknown): ContentError {
  return new ContentError({
    code: "DATA_MALFORMED",
    what: `${describe(place)} can't be read.`,
    why: sentence(why),
    fix: "Correct the file, or point the task at another one.",
    details: { ...place },
    cause,
  });
}

/** The error for text that isn't UTF-8. */
export function notUtf8(place: ContentPlace, hint = ""): ContentError {
  return new ContentError({
    code: "DATA_NOT_UTF8",
    what: `${describe(place)} is not valid UTF-8.`,
    ...(hint === "" ? {} : { why: hint }),
    fix: "Convert the file to UTF-8, for example with: iconv -t utf-8.",
    details: { ...place },
  });
}

function describe({ file, line, row }: ContentPlace): string {
  const at = [line === undefined ? "" : `line ${line}`, row === undefined ? "" : `row ${row}`].filter(Boolean);
  return [file, ...at].join(", ");
}

/** Parsers quote the text they choke on: at most a little of it belongs into a message. */
function sentence(why: string): string {
  const short = why.length > 300 ? `${why.slice(0, 300)}…` : why;
  return /[.!…]$/.test(short) ? short : `${short}.`;
}
