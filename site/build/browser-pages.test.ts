import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { Page, Route } from "playwright-core";
import { describe, expect, test } from "vitest";
import { browsedSite } from "../testing/browsed-site.ts";
import { hasBrowser } from "../testing/browser.ts";
import { smallWorld } from "../testing/make-results.ts";
import { checkSite } from "./check-site.ts";

describe.skipIf(!hasBrowser)("every kind of page in a browser", () => {
  const { visit, run, url, out, browser } = browsedSite("kinds", {
    earlier: { ...smallWorld, tasks: smallWorld.tasks.slice(0, 1), shots: [0] },
  });
  const background = (page: Page) => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");

  function pagesOfEveryKind(): string[] {
    const first = (folder: string) =>
      `${folder}/${readdirSync(join(out, folder)).filter((name) => !name.includes("."))[0]}/`;
    const atlas = run("planets", "atlas-70b");
    const board = ["", "matrix/", "tradeoffs/", "separability/", "history/"].map((view) => `boards/all/${view}`);
    const lists = ["boards/", "tasks/", "models/", "runs/", "setups/", "methodology/statistics/"];
    const single = ["changelog/", "methodology/", "glossary/", "data/", "accessibility/", "404.html"];
    const declared = ["claims/", "claims/atlas-card/", "studies/", "studies/shots/", "embed/boards/all/"];
    const details = [
      "tasks/planets/",
      "tasks/planets/items/",
      `runs/${atlas}/`,
      first("models"),
      first("setups"),
      first("snapshots"),
    ];
    const apps = [`samples/?run=${atlas}&b=${run("planets", "north-1")}`, `compare/?a=${atlas}`];
    return ["", ...board, ...lists, ...details, ...single, ...declared, ...apps];
  }

  async function open(page: Page, path: string): Promise<void> {
    await page.goto(url() + path, { waitUntil: path.includes("?") ? "networkidle" : "load" });
  }

  test("passes the site's own check", async () => {
    expect(await checkSite(out)).toEqual([]);
  });

  test("can be read without scripts", async () => {
    await visit(
      "boards/all/",
      async (page) => {
        await expect.poll(() => page.locator("#board-table tbody tr").count()).toBe(6);
        for (const hidden of ["form.tools", "#theme", "button.link"]) {
          await expect.poll(async () => [hidden, await page.locator(hidden).isVisible()]).toEqual([hidden, false]);
        }
        await page.getByRole("link", { name: "openai/acme/atlas-70b" }).first().click();
        await expect.poll(() => page.locator("h1").innerText()).toBe("openai/acme/atlas-70b");
        await page.getByRole("link", { name: "planets@chat", exact: true }).first().click();
        await expect.poll(() => page.locator("h1").innerText()).toBe("openai/acme/atlas-70b on planets@chat");
        await expect.poll(() => page.getByText("comparabilityHash").isVisible()).toBe(true);
        await page.goto(`${url()}tasks/planets/items/`);
        await expect.poll(() => page.locator("tbody tr:visible").count()).toBe(200);
        await page.getByRole("link", { name: "Next" }).click();
        await expect.poll(() => page.locator("tbody tr:visible").count()).toBe(40);
      },
      { javaScriptEnabled: false },
    );
  });

  test("lists a task's items, each leading to its sample", async () => {
    await visit("tasks/planets/", async (page) => {
      await page.getByRole("link", { name: "Item by item" }).first().click();
      const item = page.locator("table:has(caption) tbody th a").first();
      // A table is out of sight, and its cells have no text, until its tools are there.
      await item.waitFor();
      const shares = await page.locator("table:has(caption) tbody tr td:nth-child(4)").allInnerTexts();
      expect(shares.map(Number)).toEqual(shares.map(Number).toSorted((a, b) => a - b));
      const name = await item.innerText();
      await item.click();
      await expect.poll(() => page.locator("article h2").innerText()).toBe(name);
    });
  });

  test("leads from a link that pins an earlier snapshot to the numbers of that snapshot", async () => {
    const [snapshot] = readdirSync(join(out, "snapshots"));
    await visit(`boards/all/?snap=${snapshot}`, async (page) => {
      await page.getByRole("link", { name: "the numbers of that snapshot" }).click();
      await page.waitForURL(`${url()}snapshots/${snapshot}/`);
      const present = await page.locator("footer code").innerText();
      await expect.poll(() => page.locator(".past").innerText()).toContain(`Superseded by snapshot ${present}`);
      await expect.poll(() => page.locator("tbody tr").count()).toBe(6);
    });
  });

  test("follows the system's theme until a reader chooses; the choice is kept, and there before the first paint", async () => {
    await visit(
      "",
      async (page, context) => {
        const light = "rgb(253, 253, 251)";
        await expect.poll(() => background(page)).toBe("rgb(22, 24, 27)");
        await page.locator("#theme").focus();
        await page.getByLabel("Theme").selectOption("light");
        await expect.poll(() => background(page)).toBe(light);
        // Without the page's own modules: what is painted first can't depend on them.
        await context.route("**/_astro/*.js", (route) => route.abort());
        await page.goto(`${url()}tasks/`, { waitUntil: "domcontentloaded" });
        await expect.poll(() => background(page)).toBe(light);
        await expect.poll(() => page.locator("#theme").inputValue()).toBe("light");
        await page.getByLabel("Theme").selectOption("auto");
        await expect.poll(() => background(page)).not.toBe(light);
      },
      { colorScheme: "dark", expectTrouble: true },
    );
  });

  test("follows a theme that is chosen in another tab", async () => {
    await visit("", async (page, context) => {
      const other = await context.newPage();
      await other.goto(`${url()}tasks/`);
      await other.getByLabel("Theme").selectOption("dark");
      await expect.poll(() => background(page)).toBe("rgb(22, 24, 27)");
      await expect.poll(() => page.locator("#theme").inputValue()).toBe("dark");
    });
  });

  test("prints tables whole, in light, without what is for screens only", async () => {
    await visit(
      "boards/all/",
      async (page) => {
        await page.emulateMedia({ media: "print", colorScheme: "dark" });
        await expect.poll(() => background(page)).toBe("rgb(255, 255, 255)");
        for (const hidden of ["form.tools", ".masthead nav", "#theme", ".skip"]) {
          await expect.poll(async () => [hidden, await page.locator(hidden).isVisible()]).toEqual([hidden, false]);
        }
        const style = "getComputedStyle(document.querySelector('.tall'))";
        await expect.poll(() => page.evaluate(`${style}.overflow + " " + ${style}.maxHeight`)).toBe("visible none");
      },
      { colorScheme: "dark" },
    );
  });

  test("gives more contrast to those who ask for it", async () => {
    await visit(
      "",
      async (page) => {
        const soft = "getComputedStyle(document.querySelector('.lead')).color";
        await expect.poll(() => page.evaluate(soft)).toBe("rgb(43, 43, 43)");
      },
      { contrast: "more", colorScheme: "light" },
    );
  });

  test("holds still: nothing is animated, and nothing shifts while a page loads", async () => {
    const moving = `document.getAnimations().length + [...document.querySelectorAll("*")]
      .filter((element) => parseFloat(getComputedStyle(element).transitionDuration) > 0).length`;
    const shifts = `new Promise((done) => {
      const seen = [];
      new PerformanceObserver((list) => seen.push(...list.getEntries().map((entry) => entry.value)))
        .observe({ type: "layout-shift", buffered: true });
      requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(seen.reduce((sum, value) => sum + value, 0)))));
    })`;
    const atlas = run("planets", "atlas-70b");
    // On a machine under load a page may take longer than readers are made to wait for the whole of it.
    const patient = async (route: Route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${await response.text()}:root{--reveal-after:1h}` });
    };
    for (const path of ["", "boards/all/", "boards/all/?q=acme&sort=cost", "tasks/planets/", `runs/${atlas}/`]) {
      await visit("404.html", async (page) => {
        await page.route("**/_astro/*.css", patient);
        await page.goto(url() + path, { waitUntil: "networkidle" });
        expect([path, await page.evaluate<number>(shifts)]).toEqual([path, 0]);
        expect([path, await page.evaluate<number>(moving)]).toEqual([path, 0]);
      });
    }
  });

  test("is no wider than a phone", async () => {
    const context = await browser().newContext({ viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    for (const path of pagesOfEveryKind()) {
      await open(page, path);
      const over = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
      expect([path, Math.max(0, over)]).toEqual([path, 0]);
    }
    await context.close();
  });

  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

  // Every rule in the light, what a theme can change (contrast) in the dark.
  test("gives axe nothing to complain of, light or dark or with more contrast", { timeout: 600_000 }, async () => {
    const context = await browser().newContext({ bypassCSP: true });
    const page = await context.newPage();
    const light = { colorScheme: "light", contrast: "no-preference" } as const;
    const dark = { ...light, colorScheme: "dark" } as const;
    const more = [light, dark].map((look) => ({ ...look, contrast: "more" as const }));
    const found: string[] = [];
    for (const [place, path] of pagesOfEveryKind().entries()) {
      await open(page, path);
      await page.evaluate(axe);
      for (const look of [light, dark, ...(place < 3 ? more : [])]) {
        await page.emulateMedia(look);
        const rules = look === light ? {} : { runOnly: ["color-contrast"] };
        const result = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(rules)})`);
        const violations = result.violations.map((entry) => `${entry.id}: ${entry.nodes[0]?.html.slice(0, 160)}`);
        found.push(...violations.map((violation) => `${path} ${Object.values(look).join(" ")} ${violation}`));
      }
    }
    expect(found).toEqual([]);
    await context.close();
  });
});
