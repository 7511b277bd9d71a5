import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "@assay/harness/record";
import { beforeAll, describe, expect, test } from "vitest";
import { manifestSchema } from "../data/manifest-schemas.ts";
import { makeResults, smallWorld } from "../testing/make-results.ts";
import { scratch } from "../testing/scratch.ts";
import { buildSite } from "./build-site.ts";
import { checkSite } from "./check-site.ts";

const root = scratch("build");
const results = join(root, "results");
const out = join(root, "site");

beforeAll(async () => {
  await makeResults(results, smallWorld);
  await buildSite({ results, out });
});

const manifest = () => manifestSchema.parse(JSON.parse(readFileSync(join(out, "d/manifest.json"), "utf8")));
const read = (path: string) => readFileSync(join(out, path), "utf8");
const dataFile = (name: string) => JSON.parse(read(manifest().files.find((file) => file.name === name)?.path ?? ""));

function filesOf(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path.slice(folder.length), sha256(readFileSync(path))]);
}

describe("a built site", () => {
  test("passes its own check", async () => {
    expect(await checkSite(out)).toEqual([]);
  });

  test("is the same to the byte when built again", async () => {
    const again = join(root, "again");
    await buildSite({ results, out: again });
    expect(filesOf(again)).toEqual(filesOf(out));
  });

  test("keeps home under 60 kB and the board under 250 kB", () => {
    expect(read("index.html").length).toBeLessThan(60_000);
    expect(read("boards/all/index.html").length).toBeLessThan(250_000);
  });

  test("asks for nothing from elsewhere and runs nothing in place", () => {
    for (const [path] of filesOf(out).filter(([name]) => name.endsWith(".html"))) {
      const html = read(path);
      expect(html).toContain("default-src 'self'");
      expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
      expect(html).not.toMatch(/<script(?![^>]* src=)/);
      expect(html).not.toMatch(/ style="/);
    }
  });

  test("gives every rank as a range from tests of all pairs", () => {
    const board = dataFile("boards/all.json");
    expect(board.rankMethod).toBe("holm-paired-t");
    expect(board.rows.map((row: { mean: { rank: unknown } }) => row.mean.rank)).toMatchInlineSnapshot(`
      [
        {
          "high": 2,
          "low": 1,
        },
        {
          "high": 2,
          "low": 1,
        },
        {
          "high": 4,
          "low": 3,
        },
        {
          "high": 5,
          "low": 3,
        },
        {
          "high": 5,
          "low": 4,
        },
        {
          "high": 6,
          "low": 6,
        },
      ]
    `);
  });

  test("lists runs of another setup apart, with the field that differs", () => {
    const { others, columns } = dataFile("boards/all.json");
    expect(columns).toHaveLength(3);
    expect(others).toHaveLength(18);
    expect(new Set(others.map((entry: { details: string[] }) => entry.details.join()))).toEqual(
      new Set(["protocol.shots.count"]),
    );
  });

  test("stores the prompts of a setup once for all of its runs", () => {
    const samples = manifest().files.filter((file) => file.name.startsWith("samples/") && file.name.endsWith(".bin"));
    const prompts = manifest().files.filter((file) => file.name.startsWith("prompts/"));
    // 240, 150 and 60 items in shards of 100, two setups each; six runs a setup.
    expect(prompts).toHaveLength((3 + 2 + 1) * 2);
    expect(samples).toHaveLength((3 + 2 + 1) * 2 * 6);
  });

  test("works below a path, and leads from a model's former name to its present one", async () => {
    const below = join(root, "below");
    const models =
      "models:\n  - { id: openai/acme/atlas-8b, formerly: [openai/Acme/Atlas-Small, openai/quarry/granule-3b] }\n";
    writeFileSync(join(results, "models.yaml"), models);
    await buildSite({ results, out: below, base: "/team/board" });
    expect(await checkSite(below)).toEqual([]);
    rmSync(join(results, "models.yaml"));
    const page = (path: string) => readFileSync(join(below, path, "index.html"), "utf8");
    expect(page("")).toContain('href="/team/board/tasks/"');
    const present = "/team/board/models/openai--acme--atlas-8b/";
    expect(page("models/openai--acme--atlas-small")).toContain(`http-equiv="refresh" content="0; url=${present}"`);
    expect(page("models/openai--quarry--granule-3b")).toContain("<h1>openai/quarry/granule-3b");
  });

  test("of no runs at all says how to record one", async () => {
    const empty = join(root, "empty");
    mkdirSync(join(root, "nothing"));
    await buildSite({ results: join(root, "nothing"), out: empty });
    expect(readFileSync(join(empty, "index.html"), "utf8")).toContain("There is no complete run yet");
    expect(await checkSite(empty)).toEqual([]);
  });
});

test("a results folder that isn't there is an error, not an empty site", async () => {
  const absent = buildSite({ results: join(root, "absent"), out: join(root, "of-absent") });
  await expect(absent).rejects.toMatchObject({ code: "RESULTS_MISSING" });
});

test("a folder with other things in it is left alone", async () => {
  const occupied = join(root, "occupied");
  mkdirSync(occupied);
  writeFileSync(join(occupied, "thesis.txt"), "years of work");
  await expect(buildSite({ results, out: occupied })).rejects.toThrow("holds files that aren't a site of ours");
  expect(readFileSync(join(occupied, "thesis.txt"), "utf8")).toBe("years of work");
});

test("a build that fails leaves the old site as it was", async () => {
  const broken = join(root, "broken");
  cpSync(results, broken, { recursive: true });
  const [run = ""] = readdirSync(join(broken, "runs"));
  writeFileSync(join(broken, "runs", run, "samples-00000.jsonl.gz"), "not gzip");
  const kept = join(root, "kept");
  cpSync(out, kept, { recursive: true });
  await expect(buildSite({ results: broken, out: kept })).rejects.toMatchObject({
    details: { codes: ["SHARD_DAMAGED"] },
  });
  expect(filesOf(kept)).toEqual(filesOf(out));
  expect(readdirSync(root).filter((name) => name.startsWith(".kept"))).toEqual([]);
});

describe("the check of a site", () => {
  const tamper = async (name: string, path: string, change: (text: string) => string) => {
    const copy = join(root, name);
    cpSync(out, copy, { recursive: true });
    const target = join(copy, path);
    writeFileSync(target, change(readFileSync(target, "utf8")));
    return checkSite(copy);
  };

  test("finds a score that was written into a page", async () => {
    const problems = await tamper("literal", "boards/all/index.html", (html) =>
      html.replace(
        "</tbody>",
        '<tr><td class="num">1</td><th>vendor/best</th><td class="num score">99.9</td></tr></tbody>',
      ),
    );
    expect(problems).toEqual([
      'boards/all/index.html: "99.9" in "99.9" is written into the page, not taken from a data file',
    ]);
  });

  test("finds a score in prose", async () => {
    const problems = await tamper("prose", "index.html", (html) =>
      html.replace("</main>", "<p>We reach 97 %.</p></main>"),
    );
    expect(problems.join()).toContain('"97" in "We reach 97 %."');
  });

  test("finds a number that claims to come from the data and doesn't", async () => {
    const problems = await tamper("invented", "index.html", (html) =>
      html.replace("</main>", '<p><data value="0.987654">98.8</data></p></main>'),
    );
    expect(problems).toEqual(["index.html: 98.8 (0.987654) is in no data file"]);
  });

  test("finds a number that is shown as another", async () => {
    const [, value = ""] = /<data value="(0\.\d+)">/.exec(read("boards/all/index.html")) ?? [];
    const problems = await tamper("shown", "index.html", (html) =>
      html.replace("</main>", `<p><data value="${value}">99.9</data></p></main>`),
    );
    expect(problems).toEqual([`index.html: ${value} is shown as 99.9`]);
  });

  test("finds a data file that was changed, and a dead link", async () => {
    const board = manifest().files.find((file) => file.name === "boards/all.json")?.path ?? "";
    expect(await tamper("hash", board, (text) => text.replace("0.7", "0.9"))).toContain(
      `${board} (boards/all.json) differs from its hash`,
    );
    const dead = await tamper("dead", "index.html", (html) =>
      html.replace("</main>", '<a href="/runs/none/">x</a></main>'),
    );
    expect(dead).toEqual(["index.html: /runs/none/ leads to nothing"]);
  });

  test("can't be made where there is no site, or none of ours", async () => {
    expect(existsSync(join(root, "nowhere"))).toBe(false);
    await expect(checkSite(join(root, "nowhere"))).rejects.toMatchObject({ code: "SITE_ABSENT" });
    await expect(tamper("torn", "d/manifest.json", (text) => text.slice(0, 500))).rejects.toMatchObject({
      code: "SITE_MANIFEST",
    });
  });
});

describe("a site built over another", () => {
  const over = join(root, "over");
  const world = { ...smallWorld, tasks: smallWorld.tasks.slice(2), shots: [0] };
  const ids: string[] = [];
  const page = (id: string) => join(over, "snapshots", id, "index.html");
  const build = async (models: number) => {
    const from = join(root, `results-of-${models}`);
    await makeResults(from, { ...world, models: world.models.slice(0, models) });
    await buildSite({ results: from, out: over });
    ids.push(JSON.parse(readFileSync(join(over, "d/manifest.json"), "utf8")).snapshot);
  };
  beforeAll(async () => {
    for (const models of [2, 3, 4]) await build(models);
  });

  test("has a page of every earlier snapshot: its scores, and what superseded it", async () => {
    expect(readdirSync(join(over, "snapshots")).sort()).toEqual(ids.slice(0, 2).sort());
    const [oldest, later, present] = ids;
    const html = readFileSync(page(oldest ?? ""), "utf8");
    expect(html.match(/<th scope="row"/g)).toHaveLength(2);
    expect(html).toContain(`<strong>Superseded</strong> by snapshot <a href="/snapshots/${later}/">`);
    expect(html).toContain(`The site now shows snapshot <a href="/"><code>${present}</code>`);
    expect(readFileSync(join(over, "data/index.html"), "utf8")).toContain(`href="/snapshots/${oldest}/"`);
    expect(await checkSite(over)).toEqual([]);
  });

  test("keeps search engines off superseded numbers", () => {
    const robots = '<meta name="robots" content="noindex">';
    expect(readFileSync(page(ids[0] ?? ""), "utf8")).toContain(robots);
    expect(readFileSync(join(over, "index.html"), "utf8")).not.toContain(robots);
    expect(readFileSync(join(over, "sitemap.xml"), "utf8")).not.toContain("snapshots/");
  });

  test("is refused by the check where a number of the past isn't in the scores of that snapshot", async () => {
    const copy = join(root, "over-copy");
    cpSync(over, copy, { recursive: true });
    const path = page(ids[0] ?? "").replace(over, copy);
    const html = readFileSync(path, "utf8");
    const number = /<data value="([^"]+)">/.exec(html)?.[0] ?? "none";
    writeFileSync(path, html.replace(number, '<data value="0.123457">'));
    expect(await checkSite(copy)).toContainEqual(expect.stringContaining("is in no data file"));
  });

  test("shows what comes back as present again", async () => {
    await build(2);
    expect(ids[3]).toBe(ids[0]);
    expect(readFileSync(page(ids[0] ?? ""), "utf8")).toContain("shows them again");
    expect(await checkSite(over)).toEqual([]);
  });
});
