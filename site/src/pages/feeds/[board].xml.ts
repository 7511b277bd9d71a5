import { atomFeed } from "../../../data/atom-feed.ts";
import { currentSite } from "../../../data/current.ts";
import type { Board } from "../../../data/schemas.ts";
import { absoluteHref } from "../../href.ts";

/** A feed for each board. */
export function getStaticPaths() {
  return currentSite().boards.map((board) => ({ params: { board: board.id }, props: { board } }));
}

/** Changes that touch a board: its runs, those that stand apart from it, and rules. */
export function GET({ props: { board } }: { props: { board: Board } }): Response {
  const { info, changes, runs } = currentSite();
  const own = new Set([
    ...board.rows.flatMap((row) => row.cells.map((cell) => cell.run)),
    ...board.others.map((other) => other.run),
  ]);
  const feed = atomFeed({
    info: { ...info, title: `${info.title}: ${board.title}`, url: absoluteHref(`boards/${board.id}/`) },
    changes: changes.filter((change) => change.run === null || own.has(change.run)),
    runs,
    address: absoluteHref,
    self: `feeds/${board.id}.xml`,
  });
  return new Response(feed);
}
