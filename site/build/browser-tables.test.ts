import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { browsedSite } from "../testing/browsed-site.ts";
import { hasBrowser } from "../testing/browser.ts";

const names = (page: Page, table = "board-table") => page.locator(`#${table} tbody tr:visible th`).allInnerTexts();
const query = (page: Page) => new URL(page.url()).search;
/** Whether the numbers of these cells, of which there are some, go from high to low. */
const falls = async (page: Page, cells: string) => {
  const numbers = (await page.locator(cells).allInnerTexts()).map(Number);
  return numbers.length > 1 && numbers.every((value, at) => at === 0 || value <= Number(numbers[at - 1]));
};
const announced = (page: Page) => page.locator("form.tools output").innerText();

describe.skipIf(!hasBrowser)("a board in a browser", () => {
  const { visit } = browsedSite("tables");

  test("can be sorted, and the address shows it", async () => {
    await visit("boards/all/", async (page) => {
      const asBuilt = await names(page);
      await page.getByRole("button", { name: "Cost, USD" }).click();
      await expect.poll(() => query(page)).toBe("?sort=cost");
      await expect.poll(async () => (await names(page))[0]).toBe("openai/acme/atlas-8b");
      const unknown = ["openai/quarry/granule-14b", "openai/quarry/granule-3b"];
      await expect.poll(async () => (await names(page)).slice(-2).sort()).toEqual(unknown);
      await expect.poll(() => page.locator("th[aria-sort=ascending]").innerText()).toContain("Cost, USD");
      await page.getByRole("button", { name: "Cost, USD" }).click();
      await expect.poll(async () => (await names(page))[0]).toBe("openai/borealis/north-1");
      await page.goBack();
      await page.goBack();
      await expect.poll(() => names(page)).toEqual(asBuilt);
      await page.goForward();
      await expect.poll(async () => (await names(page))[0]).toBe("openai/acme/atlas-8b");
    });
  });

  test("can be sorted by one task, whose head also leads to the task", async () => {
    await visit("boards/all/", async (page) => {
      await page.getByRole("button", { name: /^Sort by recipes@chat/ }).click();
      await expect.poll(() => query(page)).toMatch(/^\?sort=-recipes\.chat\./);
      await expect.poll(() => falls(page, "#board-table tbody tr td:nth-child(6) b")).toBe(true);
      await page.getByRole("link", { name: "recipes", exact: true }).click();
      await expect.poll(() => page.locator("h1").innerText()).toBe("Made-up recipes");
    });
  });

  test("can be searched and filtered; what is left is announced", async () => {
    await visit("boards/all/", async (page) => {
      await page.getByRole("searchbox").fill("acme");
      await expect.poll(() => names(page)).toEqual(["openai/acme/atlas-70b", "openai/acme/atlas-8b"]);
      await expect.poll(() => announced(page)).toContain("2 of 6 rows");
      await page.getByLabel("Size").selectOption("lt10");
      await expect.poll(() => names(page)).toEqual(["openai/acme/atlas-8b"]);
      await expect.poll(() => query(page)).toBe("?q=acme&size=lt10");
      await page.getByRole("searchbox").fill("");
      await page.getByLabel("Size").selectOption("");
      await page.getByLabel("Weights").selectOption("open");
      await page.getByLabel("Licence").selectOption("Apache-2.0");
      await expect.poll(() => names(page)).toEqual(["openai/acme/atlas-70b"]);
      await page.getByLabel("Licence").selectOption("");
      await page.getByLabel("Released since").fill("2026-01");
      await expect.poll(() => names(page)).toEqual(["openai/acme/atlas-70b"]);
      await expect.poll(() => query(page)).toBe("?weights=open&from=2026-01");
    });
  });

  test("shows chosen models only, and the link to that choice does too", async () => {
    await visit("boards/all/", async (page) => {
      await page.getByText("Models", { exact: true }).nth(1).click();
      await page.getByRole("checkbox", { name: "openai/borealis/north-1", exact: true }).check();
      await page.getByRole("checkbox", { name: "openai/quarry/granule-3b" }).check();
      const chosen = ["openai/borealis/north-1", "openai/quarry/granule-3b"];
      await expect.poll(() => names(page)).toEqual(chosen);
      const address = page.url();
      await page.goto(address, { waitUntil: "networkidle" });
      await expect.poll(() => names(page)).toEqual(chosen);
      await page.getByText("Models", { exact: true }).nth(1).click();
      const box = page.getByRole("checkbox", { name: "openai/quarry/granule-3b" });
      await expect.poll(() => box.isChecked()).toBe(true);
      await box.uncheck();
      await expect.poll(() => names(page)).toEqual(chosen.slice(0, 1));
      // As other leaderboards name it.
      await page.goto(address.replace("rows=", "models="), { waitUntil: "networkidle" });
      await expect.poll(() => names(page)).toEqual(chosen);
      await page.getByText("Models", { exact: true }).nth(1).click();
      await expect.poll(() => box.isChecked()).toBe(true);
    });
  });

  test("restores search, sorting and hidden columns from a link, and says what it ignored", async () => {
    await visit("boards/all/?q=acme&sort=cost&hide=n,charm&utm=x", async (page) => {
      await expect.poll(() => names(page)).toEqual(["openai/acme/atlas-8b", "openai/acme/atlas-70b"]);
      await expect.poll(() => page.locator('th[data-col="n"]').isVisible()).toBe(false);
      await expect.poll(() => announced(page)).toContain("Ignored in the address: hide=charm");
      await expect.poll(() => page.getByRole("searchbox").inputValue()).toBe("acme");
      await page.getByRole("searchbox").fill("atlas");
      await expect.poll(() => announced(page)).not.toContain("Ignored");
    });
  });

  test("keeps every rank when rows are hidden", async () => {
    await visit("boards/all/?q=granule-3b", async (page) => {
      await expect.poll(() => page.locator("#board-table tbody tr:visible td").first().innerText()).toBe("6");
    });
  });

  test("can be used with the keyboard alone", async () => {
    await visit("boards/all/", async (page) => {
      await page.keyboard.press("Tab");
      await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Skip to content");
      await page.getByRole("button", { name: "Latency" }).focus();
      await page.keyboard.press("Enter");
      await expect.poll(async () => (await names(page))[0]).toBe("openai/quarry/granule-3b");
      await page.getByText("Columns", { exact: true }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("checkbox", { name: "Latency" }).focus();
      await page.keyboard.press("Space");
      await expect.poll(() => query(page)).toBe("?sort=latency&hide=latency");
    });
  });

  test("is copied as Markdown and as CSV, with whole names in the head and no drawings", async () => {
    await visit("boards/all/?q=acme&hide=remarks", async (page) => {
      const clipboard = () => page.evaluate<string>("navigator.clipboard.readText()");
      await page.getByRole("button", { name: "Copy as Markdown" }).click();
      await expect.poll(() => announced(page)).toBe("2 rows copied.");
      await expect.poll(clipboard).toMatch(/^.*\n.*\n\| 1–2 \| openai\/acme\/atlas-70b \| \d+ \\\[/);
      await page.getByRole("button", { name: "Copy as CSV" }).click();
      await expect.poll(clipboard).toMatch(/^Rank,Model,"Mean of 3, %","planets@chat exact_match, stated, %"/);
    });
  });

  test("of items is sorted by disagreement, over all its pages", async () => {
    await visit("tasks/planets/items/", async (page) => {
      await page.getByRole("button", { name: "Disagreement, %" }).click();
      await expect.poll(() => announced(page)).toContain("240 of 240 rows");
      await expect.poll(() => falls(page, "#item-table tbody tr td:nth-child(5)")).toBe(true);
      await expect.poll(() => page.locator("#item-table tbody tr td:nth-child(5)").first().innerText()).toBe("60");
    });
  });

  test("of runs is searched by task and model", async () => {
    await visit("runs/?q=recipes+granule-14b", async (page) => {
      const both = ["openai/quarry/granule-14b", "openai/quarry/granule-14b"];
      await expect.poll(() => names(page, "run-table")).toEqual(both);
    });
  });

  test("gives a link that pins the snapshot, and says so when the site has moved on", async () => {
    await visit("boards/all/?q=acme", async (page) => {
      await page.getByRole("button", { name: "Copy a link to this view" }).click();
      await page.getByRole("button", { name: "Link copied" }).waitFor();
      const link = await page.evaluate<string>("navigator.clipboard.readText()");
      const snapshot = await page.locator("footer code").innerText();
      expect(new URL(link).search).toBe(`?q=acme&snap=${snapshot}`);
      await page.goto(link, { waitUntil: "networkidle" });
      await expect.poll(() => page.locator(".superseded").isVisible()).toBe(false);
      await page.goto(link.replace(snapshot, "0123456789ab"), { waitUntil: "networkidle" });
      await expect.poll(() => page.locator(".superseded").innerText()).toContain("made for snapshot 0123456789ab");
      await page.getByRole("button", { name: "Close" }).click();
      await expect.poll(() => page.locator(".superseded").isVisible()).toBe(false);
    });
  });
});

const models = Array.from({ length: 205 }, (_, at) => ({
  name: `maker/model-${String(at).padStart(3, "0")}`,
  skill: at / 100 - 1,
  costPerSample: null,
  milliseconds: at === 0 ? 5 : 1000,
}));

describe.skipIf(!hasBrowser)("a board of several pages", () => {
  const tasks = [{ id: "planets", items: 12, difficulty: 0 }];
  const { visit } = browsedSite("pages", { world: { models, tasks, seed: 3 }, files: {} });

  test("is searched and sorted as a whole", async () => {
    await visit("boards/all/", async (page) => {
      await expect.poll(() => announced(page)).toContain("200 of the first 200 rows");
      await page.getByRole("button", { name: "Latency" }).click();
      await expect.poll(() => announced(page)).toContain("205 of 205 rows");
      await expect.poll(async () => (await names(page))[0]).toBe("openai/maker/model-000");
      await page.getByRole("searchbox").fill("model-20");
      await expect.poll(() => names(page)).toHaveLength(5);
    });
  });

  test("says which page can't be loaded, and tries again when asked for more", async () => {
    await visit(
      "boards/all/",
      async (page) => {
        await page.route("**/page/2/", (route) => route.abort());
        await page.getByRole("searchbox").fill("model-20");
        await expect.poll(() => announced(page)).toContain("The other pages of this table couldn't be loaded");
        await page.unroute("**/page/2/");
        await page.getByRole("searchbox").fill("model-204");
        await expect.poll(() => announced(page)).toContain("1 of 205 rows");
        await expect.poll(() => names(page)).toEqual(["openai/maker/model-204"]);
      },
      { expectTrouble: true },
    );
  });
});
