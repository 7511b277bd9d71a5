import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Sample } from "@assay/harness/contracts";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { manifestSchema } from "../data/schemas.ts";
import { hasBrowser, openBrowser } from "../testing/browser.ts";
import { makeResults, smallWorld } from "../testing/make-results.ts";
import { scratch } from "../testing/scratch.ts";
import { buildSite } from "./build-site.ts";
import { checkSite } from "./check-site.ts";
import { type ServedSite, serveSite } from "./serve-site.ts";

const hostileText = [
  "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">",
  "[link](javascript:alert(1))",
  '=HYPERLINK("http://evil.example")',
  "abc\u202egpj.exe",
  "</script><!--",
  "Answer: A",
].join("\n");
const tenMegabytes = `${"x".repeat(10_000_000)} the very end`;

function plant(sample: Sample, model: string): Sample {
  if (model !== "acme/atlas-70b" || sample.response === null) return sample;
  const text = sample.item === "test/1" ? hostileText : sample.item === "test/2" ? tenMegabytes : null;
  return text === null ? sample : { ...sample, response: { ...sample.response, text } };
}

const modelsFile = `models:
  - { id: openai/acme/atlas-70b, weights: open, parameters: 70, licence: MIT, released: "2026-02" }
  - { id: openai/acme/atlas-8b, weights: open, parameters: 8, licence: MIT, released: "2025-11" }
  - { id: openai/borealis/north-1, weights: closed, released: "2026-01" }
`;

const claimFile = `id: atlas-card
vendor: Acme
model: openai/acme/atlas-70b
task: planets
value: "84.5"
stated: { shots.count: 5 }
source: { url: https://acme.example/card, retrieved: "2026-03-01" }
`;
const studyFile = `id: shots
title: Examples in the prompt
question: How much do five examples move the score?
kind: sensitivity
declared: "2026-03-01"
varies: [protocol.shots.count]
`;

describe.skipIf(!hasBrowser)("in a browser", () => {
  const root = scratch("browser");
  const results = join(root, "results");
  const out = join(root, "site");
  let browser: Browser;
  let served: ServedSite;
  let runs: string[] = [];

  beforeAll(async () => {
    runs = (await makeResults(results, { ...smallWorld, change: plant })).map((record) => record.runId);
    writeFileSync(join(results, "models.yaml"), modelsFile);
    declare("claims", "atlas-card", claimFile);
    const shots = runs.filter((run) => run.startsWith("planets") && run.includes("atlas-70b"));
    declare("studies", "shots", `${studyFile}runs: [${shots.join(", ")}]\n`);
    await buildSite({ results, out });
    served = await serveSite({ out });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  function declare(folder: string, id: string, content: string): void {
    mkdirSync(join(results, folder), { recursive: true });
    writeFileSync(join(results, folder, `${id}.yaml`), content);
  }

  const atlas = () => runs.find((run) => run.startsWith("planets") && run.includes("atlas-70b")) ?? "";

  /** Opens a page, runs the steps, and fails on anything the page complains about. */
  async function visit(
    path: string,
    steps: (page: Page, context: BrowserContext) => Promise<void>,
    options: { scripts?: boolean; expectTrouble?: boolean; at?: ServedSite } = {},
  ): Promise<void> {
    const context = await browser.newContext({
      javaScriptEnabled: options.scripts ?? true,
      permissions: ["clipboard-read", "clipboard-write"],
    });
    const page = await context.newPage();
    const trouble: string[] = [];
    page.on("pageerror", (error) => trouble.push(error.message));
    page.on("console", (message) => message.type() === "error" && trouble.push(message.text()));
    page.on("request", (request) => {
      if (!request.url().startsWith("http://127.0.0.1:") && !request.url().startsWith("data:"))
        trouble.push(request.url());
    });
    try {
      await page.goto((options.at ?? served).url + path, { waitUntil: "networkidle" });
      await steps(page, context);
      if (!options.expectTrouble) expect(trouble).toEqual([]);
    } finally {
      await context.close();
    }
  }

  const models = (page: Page) => page.locator("#board-table tbody tr:visible th").allInnerTexts();

  test("a board can be sorted, and the address shows it", async () => {
    await visit("boards/all/", async (page) => {
      const asBuilt = await models(page);
      await page.getByRole("button", { name: "Cost, USD" }).click();
      expect(page.url()).toContain("?sort=cost");
      expect((await models(page))[0]).toBe("openai/acme/atlas-8b");
      expect((await models(page)).slice(-2).sort()).toEqual(["openai/quarry/granule-14b", "openai/quarry/granule-3b"]);
      expect(await page.locator("th[aria-sort=ascending]").innerText()).toContain("Cost, USD");
      await page.getByRole("button", { name: "Cost, USD" }).click();
      expect((await models(page))[0]).toBe("openai/borealis/north-1");
      await page.goBack();
      await page.goBack();
      expect(await models(page)).toEqual(asBuilt);
    });
  });

  test("a board can be searched and filtered; what is left is announced", async () => {
    await visit("boards/all/", async (page) => {
      await page.getByRole("searchbox").fill("acme");
      expect(await models(page)).toEqual(["openai/acme/atlas-70b", "openai/acme/atlas-8b"]);
      await expect.poll(() => page.locator("output").innerText()).toContain("2 of 6 rows");
      await page.getByLabel("Size").selectOption("lt10");
      expect(await models(page)).toEqual(["openai/acme/atlas-8b"]);
      expect(new URL(page.url()).search).toBe("?q=acme&size=lt10");
    });
  });

  test("a link restores search, sorting and hidden columns, and says what it ignored", async () => {
    await visit("boards/all/?q=acme&sort=cost&hide=n,charm&utm=x", async (page) => {
      expect(await models(page)).toEqual(["openai/acme/atlas-8b", "openai/acme/atlas-70b"]);
      expect(await page.locator('th[data-col="n"]').isVisible()).toBe(false);
      expect(await page.locator("output").innerText()).toContain("Ignored in the address: hide=charm");
    });
  });

  test("a rank stays what it was when rows are hidden", async () => {
    await visit("boards/all/?q=granule-3b", async (page) => {
      expect(await page.locator("#board-table tbody tr:visible td").first().innerText()).toBe("6");
    });
  });

  test("everything can be done with the keyboard", async () => {
    await visit("boards/all/", async (page) => {
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to content");
      await page.getByRole("button", { name: "Latency" }).focus();
      await page.keyboard.press("Enter");
      expect((await models(page))[0]).toBe("openai/quarry/granule-3b");
      await page.getByText("Columns", { exact: true }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("checkbox", { name: "Latency" }).focus();
      await page.keyboard.press("Space");
      await expect.poll(() => new URL(page.url()).search).toBe("?sort=latency&hide=latency");
    });
  });

  test("a table is copied as Markdown and as CSV", async () => {
    await visit("boards/all/?q=acme&hide=remarks", async (page) => {
      const clipboard = () => page.evaluate<string>("navigator.clipboard.readText()");
      await page.getByRole("button", { name: "Copy as Markdown" }).click();
      expect((await clipboard()).split("\n")[2]).toMatch(/^\| 1–2 \| openai\/acme\/atlas-70b \| \d+ \\\[/);
      await page.getByRole("button", { name: "Copy as CSV" }).click();
      expect(await clipboard()).toMatch(/^Rank,Model,"Mean of 3, %","planets@chat exact_match, stated, %"/);
    });
  });

  test("pages are read without scripts", async () => {
    await visit(
      "boards/all/",
      async (page) => {
        expect(await models(page)).toHaveLength(6);
        expect(await page.locator("form.tools").isVisible()).toBe(false);
        await page.getByRole("link", { name: "openai/acme/atlas-70b" }).first().click();
        await page.getByRole("link", { name: "planets@chat", exact: true }).first().click();
        expect(await page.locator("h1").innerText()).toBe("openai/acme/atlas-70b on planets@chat");
        expect(await page.getByText("comparabilityHash").isVisible()).toBe(true);
      },
      { scripts: false },
    );
  });

  test("samples are stepped through, filtered, and linked to for good", async () => {
    await visit(`samples/?run=${atlas()}`, async (page) => {
      await page.locator("article h2").waitFor();
      expect(await page.locator("article h2").innerText()).toBe("test/0");
      await page.keyboard.press("j");
      await expect.poll(() => page.locator("article h2").innerText()).toBe("test/1");
      await page.getByRole("button", { name: "Next" }).click();
      await page.keyboard.press("k");
      await expect.poll(() => page.locator("article h2").innerText()).toBe("test/1");
      await page.getByLabel("Show").selectOption("unparsed");
      await expect.poll(() => page.locator("article").innerText()).toContain("found nothing: unparsed");
      expect(new URL(page.url()).searchParams.get("filter")).toBe("unparsed");
      await page.goto(`${served.url}samples/?run=${atlas()}&item=test/213`);
      await expect.poll(() => page.locator("article h2").innerText()).toBe("test/213");
      expect(await page.locator("mark").innerText()).toMatch(/^[A-D]$/);
      expect(await page.getByText("have the hashes that were published").isVisible()).toBe(true);
    });
  });

  test("samples in which two runs differ are found", async () => {
    const other = runs.find((run) => run.startsWith("planets") && run.includes("granule-3b")) ?? "";
    await visit(`samples/?run=${atlas()}&b=${other}&filter=differs`, async (page) => {
      await page.locator("article h2").waitFor();
      const count = Number(/^(\d+) of 240/.exec(await page.locator(".matches p").innerText())?.[1]);
      expect(count).toBeGreaterThan(40);
      expect(count).toBeLessThan(200);
    });
  });

  test("hostile answers stay text", async () => {
    await visit(`samples/?run=${atlas()}&item=test/1`, async (page) => {
      await page.locator("article h2").waitFor();
      const shown = await page.locator("article").innerText();
      expect(shown).toContain("<script>document.title='owned'</script>");
      expect(shown).toContain("abc⟨U+202E⟩gpj.exe");
      expect(await page.title()).not.toContain("owned");
      expect(await page.locator("article script, article img, article a").count()).toBe(0);
    });
  });

  test("an answer of 10 MB is cut, and shown whole on demand", async () => {
    await visit(`samples/?run=${atlas()}&item=test/2`, async (page) => {
      await page.locator("article h2").waitFor();
      expect((await page.locator("article").innerText()).length).toBeLessThan(20_000);
      await page.getByRole("button", { name: "Show all 10,000,013 characters" }).click();
      await expect.poll(() => page.locator("article").textContent()).toContain("the very end");
    });
  });

  test("a shard whose hash is wrong is refused, visibly", async () => {
    const broken = join(root, "broken");
    cpSync(out, broken, { recursive: true });
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(broken, "d/manifest.json"), "utf8")));
    const honest = manifest.files.find((file) => file.name === `samples/${atlas()}/1.bin`);
    const forged = manifest.files.find((file) => file.name === `samples/${atlas()}/0.bin`);
    cpSync(join(broken, honest?.path ?? ""), join(broken, forged?.path ?? ""));
    const at = await serveSite({ out: broken });
    await visit(
      `samples/?run=${atlas()}`,
      async (page) => {
        const alert = page.getByRole("alert");
        await alert.waitFor();
        expect(await alert.innerText()).toContain(
          "isn't the file that was published: its hash differs. It is not shown.",
        );
        expect(await page.locator("article").count()).toBe(0);
        expect(await page.getByRole("button", { name: "Try again" }).isVisible()).toBe(true);
      },
      { at },
    );
    await at.close();
  });

  test("two runs are compared on the items they share", async () => {
    const other = runs.find((run) => run.startsWith("planets") && run.includes("granule-3b")) ?? "";
    await visit(`compare/?a=${atlas()}&b=${other}`, async (page) => {
      await expect.poll(() => page.locator(".view h2").innerText()).toBe("Run A does better: openai/acme/atlas-70b");
      expect(await page.locator(".view").innerText()).toMatch(/McNemar's exact p\s+\d/);
      await page.getByRole("heading", { name: /^Only A is right: \d+$/ }).waitFor();
      await page.locator(".narrow a").first().click();
      await page.getByRole("heading", { name: "Run B answered" }).waitFor();
    });
  });

  test("runs of two setups are not compared; the differing field is named", async () => {
    const other = runs.filter((run) => run.startsWith("planets") && run.includes("atlas-70b"))[1] ?? "";
    await visit(`compare/?a=${atlas()}&b=${other}`, async (page) => {
      await expect.poll(() => page.locator(".view h2").innerText()).toBe("Not comparable");
      expect(await page.locator(".view").innerText()).toMatch(/protocol\.shots\.count\s+0\s+5/);
    });
  });

  test("the site with all its kinds of pages passes its own check", async () => {
    expect(await checkSite(out)).toEqual([]);
  });

  test("nothing moves while a page loads", async () => {
    const shifts = `new Promise((done) => {
      const seen = [];
      new PerformanceObserver((list) => seen.push(...list.getEntries().map((entry) => entry.value)))
        .observe({ type: "layout-shift", buffered: true });
      setTimeout(() => done(seen.reduce((sum, value) => sum + value, 0)), 300);
    })`;
    for (const path of ["", "boards/all/", "boards/all/?q=acme&sort=cost", "tasks/planets/", `runs/${atlas()}/`]) {
      await visit(path, async (page) => {
        expect([path, await page.evaluate<number>(shifts)]).toEqual([path, 0]);
      });
    }
  });

  test("no page is wider than a phone", async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    for (const path of pagesOfEveryKind()) {
      await page.goto(served.url + path, { waitUntil: path.includes("?") ? "networkidle" : "load" });
      const over = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
      expect([path, over > 0 ? over : 0]).toEqual([path, 0]);
    }
    await context.close();
  });

  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

  function pagesOfEveryKind(): string[] {
    const first = (folder: string) =>
      `${folder}/${readdirSync(join(out, folder)).filter((name) => !name.includes("."))[0]}/`;
    const board = ["", "matrix/", "tradeoffs/", "separability/", "history/"].map((view) => `boards/all/${view}`);
    const lists = ["boards/", "tasks/", "models/", "runs/", "setups/"];
    const declared = ["claims/", "claims/atlas-card/", "studies/", "studies/shots/", "embed/boards/all/"];
    const single = ["changelog/", "methodology/", "data/", "accessibility/", "404.html"];
    const apps = [`samples/?run=${atlas()}`, `compare/?a=${atlas()}`];
    return [
      "",
      ...board,
      ...lists,
      "tasks/planets/",
      `runs/${atlas()}/`,
      first("models"),
      first("setups"),
      ...single,
      ...declared,
      ...apps,
    ];
  }

  // Every rule in the light, and what a theme can change (contrast) in the dark.
  test("axe finds nothing on any kind of page, light or dark", { timeout: 300_000 }, async () => {
    const context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    const found: string[] = [];
    for (const path of pagesOfEveryKind()) {
      await page.goto(served.url + path, { waitUntil: path.includes("?") ? "networkidle" : "load" });
      await page.evaluate(axe);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        const rules = colorScheme === "dark" ? { runOnly: ["color-contrast"] } : {};
        const result = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(rules)})`);
        const violations = result.violations.map((entry) => `${entry.id}: ${entry.nodes[0]?.html.slice(0, 160)}`);
        found.push(...violations.map((violation) => `${path} ${colorScheme} ${violation}`));
      }
    }
    expect(found).toEqual([]);
    await context.close();
  });
});
