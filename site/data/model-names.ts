/** Names short enough for a chart: the last part of each, as much more as it takes to tell them apart. */
export function shortNames(
  ids: readonly string[],
  labels: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const names = new Map<string, string>();
  const unnamed = [...new Set(ids)].filter((id) => !labels.has(id));
  const tail = (id: string, parts: number) => id.split("/").slice(-parts).join("/");
  for (const id of unnamed) {
    const clashes = (parts: number) => unnamed.some((other) => other !== id && tail(other, parts) === tail(id, parts));
    let parts = 1;
    while (clashes(parts) && parts < id.split("/").length) parts += 1;
    names.set(id, tail(id, parts));
  }
  for (const [id, label] of labels) names.set(id, label);
  return names;
}

/** A text that fits, with the middle left out of a longer one: beginnings and versions both tell models apart. */
export function fitted(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = Math.ceil((most - 1) * 0.6);
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`;
}
