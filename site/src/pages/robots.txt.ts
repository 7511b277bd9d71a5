import { currentSite } from "../../data/current.ts";
import { href } from "../href.ts";

/** Lets crawlers in or keeps them out, as site.yaml says. Samples are kept from them either way: they are test items. */
export function GET(): Response {
  const { robots, url } = currentSite().info;
  const rules = robots === "noindex" ? ["Disallow: /"] : [`Disallow: ${href("samples/")}`, `Disallow: ${href("d/")}`];
  const map = url === null ? [] : [`Sitemap: ${new URL(href("sitemap.xml"), url).href}`];
  return new Response(["User-agent: *", ...rules, ...map, ""].join("\n"));
}
