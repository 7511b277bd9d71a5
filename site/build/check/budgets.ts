import { gzipSync } from "node:zlib";

/** Bytes that a page may have: transferred (gzip) for the home page, as HTML for boards and the rest. */
const homeTransferred = 60_000;
const boardHtml = 250_000;
const pageHtml = 1_500_000;

/** Whether a page keeps to its size. */
export function checkBudget(name: string, html: string): string[] {
  const bytes = Buffer.byteLength(html);
  if (name === "index.html") {
    const transferred = gzipSync(html).length;
    return transferred > homeTransferred
      ? [`${name} has ${transferred} bytes compressed, over ${homeTransferred}`]
      : [];
  }
  const isTable = /^boards\/[^/]+\/(page\/\d+\/)?index\.html$/.test(name);
  const most = isTable ? boardHtml : pageHtml;
  return bytes > most ? [`${name} has ${bytes} bytes, over ${most}`] : [];
}
