/** Places of the points that no other point beats in both: as good for less, or better for as much. */
export function frontierOf(points: readonly { x: number; y: number }[]): Set<number> {
  const kept = new Set<number>();
  points.forEach((point, index) => {
    const beaten = points.some(
      (other) => other.x <= point.x && other.y >= point.y && (other.x < point.x || other.y > point.y),
    );
    if (!beaten) kept.add(index);
  });
  return kept;
}
