import { xmlText } from "../../data/atom-feed.ts";
import { currentSite } from "../../data/current.ts";
import { shortHash } from "../../data/labels.ts";
import { absoluteHref } from "../href.ts";

/** Every page that a reader may land on. */
export function GET(): Response {
  const { boards, tasks, models, runs, setups } = currentSite();
  const paths = [
    "",
    ...boards.map((board) => `boards/${board.id}/`),
    ...tasks.map((task) => `tasks/${task.id}/`),
    ...models.map((model) => `models/${model.slug}/`),
    ...[...runs.keys()].map((run) => `runs/${run}/`),
    ...setups.map((setup) => `setups/${shortHash(setup.hash)}/`),
  ];
  const urls = paths.map((path) => {
    return `  <url><loc>${xmlText(absoluteHref(path))}</loc></url>`;
  });
  return new Response(
    [
      '<?xml version="1.0" encoding="utf-8"?>',
      '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
      ...urls,
      "</urlset>",
      "",
    ].join("\n"),
  );
}
