/** A point of a chart and the text that is to stand beside it, in pixels. */
export interface Labelled {
  x: number;
  y: number;
  text: string;
  /** Ends of a whisker through the point. */
  low?: number;
  high?: number;
}

/** Where a label stands. */
export interface PlacedLabel {
  x: number;
  y: number;
  anchor: "start" | "end";
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const characterWidth = 6.7;
const lineHeight = 12;
/** Beside, above and below the point, nearest first: side, distance and height of the baseline. */
const places = [-5, 12, 4, -14, 21].flatMap((rise) => ([1, -1] as const).map((side) => ({ side, rise })));

/**
 * Finds room for each label beside its point, in the order given: the first are the most important.
 *
 * @returns `null` for a label that would cover a point or another label
 */
export function placeLabels(
  points: readonly Labelled[],
  area: { left: number; right: number },
): (PlacedLabel | null)[] {
  const taken: Box[] = points.flatMap(({ x, y }) => [{ left: x - 4, right: x + 4, top: y - 4, bottom: y + 4 }]);
  const whiskers = points.map(({ x, y, low = y, high = y }) => ({
    left: x - 1,
    right: x + 1,
    top: Math.min(low, high),
    bottom: Math.max(low, high),
  }));
  return points.map((point) => {
    const width = point.text.length * characterWidth;
    for (const { side, rise } of places) {
      const start = side === 1 ? point.x + 7 : point.x - 7 - width;
      const box = {
        left: start,
        right: start + width,
        top: point.y + rise - 9,
        bottom: point.y + rise + lineHeight - 9,
      };
      if (box.left < area.left || box.right > area.right) continue;
      if ([...taken, ...whiskers].some((other) => overlap(box, other))) continue;
      taken.push(box);
      return { x: side === 1 ? point.x + 7 : point.x - 7, y: point.y + rise, anchor: side === 1 ? "start" : "end" };
    }
    return null;
  });
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
