import type { RunRecord } from "@assay/harness/contracts";
import { formatInterval, formatScore, unitLabel } from "./format.ts";
import { primaryScore } from "./primary-score.ts";

/** Roughly the width of a character of the badge's font, in pixels. */
const characterWidth = 6.6;
const padding = 8;

/**
 * A badge as SVG: what was asked, the score with its interval, and the day. Partial runs say so; where nothing was scored the
 * badge says that instead of a number.
 */
export function badge(record: RunRecord): string {
  const label = `${record.task}@${record.protocol}`;
  const text = badgeText(record);
  const [left, right] = [widthOf(label), widthOf(text)];
  const title = escapeXml(`${record.model} on ${label}: ${text}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<rect width="${left}" height="20" fill="#333a44"/><rect x="${left}" width="${right}" height="20" fill="#1f4e79"/>`,
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">`,
    `<text x="${left / 2}" y="14">${escapeXml(label)}</text><text x="${left + right / 2}" y="14">${escapeXml(text)}</text>`,
    "</g></svg>\n",
  ].join("");
}

function badgeText(record: RunRecord): string {
  const score = primaryScore(record);
  const day = (record.finishedAt ?? record.startedAt).slice(0, 10);
  if (score?.value == null) return `n/a (0 scored) · ${day}`;
  const value = [formatScore(score.value, score.stderr, score.unit), unitLabel(score.unit)].filter(Boolean).join(" ");
  const interval = score.ci ? formatInterval(score.ci.low, score.ci.high, score.stderr, score.unit) : "no interval";
  return [`${value} ${interval}`, ...(record.partial ? ["partial"] : []), day].join(" · ");
}

function widthOf(text: string): number {
  return Math.ceil([...text].length * characterWidth) + 2 * padding;
}

function escapeXml(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => names[character] ?? "").replace(/[^\P{C}\n]/gu, "\ufffd");
}
