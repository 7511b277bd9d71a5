import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Sample } from "@assay/harness/contracts";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { manifestSchema } from "../data/manifest-schemas.ts";
import { browsedSite } from "../testing/browsed-site.ts";
import { hasBrowser } from "../testing/browser.ts";
import { smallWorld } from "../testing/make-results.ts";
import { scratch } from "../testing/scratch.ts";
import { serveSite } from "./serve-site.ts";

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
  if (model !== "acme/atlas-70b") return model === "quarry/granule-3b" ? withError(sample) : sample;
  const text = sample.item === "test/1" ? hostileText : sample.item === "test/2" ? tenMegabytes : null;
  return text === null || sample.response === null ? sample : { ...sample, response: { ...sample.response, text } };
}

function withError(sample: Sample): Sample {
  if (sample.item !== "test/5" || sample.shots.length === 0) return sample;
  const outcome = {
    kind: "errored" as const,
    code: "HTTP_429",
    message: "too many requests",
    status: 429,
    attempts: 6,
  };
  return { ...sample, outcome, response: null, answers: [], values: [] };
}

const heading = (page: Page) => page.locator("article h2").innerText();

describe.skipIf(!hasBrowser)("samples in a browser", () => {
  const { visit, run, url, out } = browsedSite("samples", { change: plant });

  test("are stepped through, filtered, and linked to for good", async () => {
    const atlas = run("planets", "atlas-70b");
    await visit(`samples/?run=${atlas}`, async (page) => {
      await expect.poll(() => heading(page)).toBe("test/0");
      await expect.poll(() => page.getByRole("button", { name: "Previous" }).isDisabled()).toBe(true);
      await page.keyboard.press("j");
      await expect.poll(() => heading(page)).toBe("test/1");
      await page.getByRole("button", { name: "Next" }).click();
      await expect.poll(() => heading(page)).toBe("test/2");
      await page.keyboard.press("k");
      await expect.poll(() => heading(page)).toBe("test/1");
      await page.goBack();
      await expect.poll(() => heading(page)).toBe("test/2");
      await page.getByLabel("Show").selectOption("unparsed");
      await expect.poll(() => page.locator("article").innerText()).toContain("found nothing: unparsed");
      await expect.poll(() => new URL(page.url()).searchParams.get("filter")).toBe("unparsed");
      await page.goto(`${url()}samples/?run=${atlas}&item=test/213`);
      await expect.poll(() => heading(page)).toBe("test/213");
      await expect.poll(() => page.locator("mark").innerText()).toMatch(/^[A-D]$/);
      await expect.poll(() => page.getByText("have the hashes that were published").isVisible()).toBe(true);
    });
  });

  test("that were wrong, or errored, are found; a filter that nothing passes says so", async () => {
    await visit(`samples/?run=${run("planets", "granule-3b", 1)}`, async (page) => {
      await page.getByLabel("Show").selectOption("errored");
      await expect.poll(() => heading(page)).toBe("test/5");
      await expect.poll(() => page.locator("article").innerText()).toContain("HTTP_429: too many requests");
      await expect.poll(() => page.locator(".matches li").allInnerTexts()).toEqual(["· test/5 errored"]);
      await page.getByLabel("Show").selectOption("wrong");
      await expect.poll(() => page.locator("article").innerText()).toContain("exact_match (stated) 0");
      await expect.poll(() => page.locator(".matches li").first().innerText()).toMatch(/^✗ test\/\d+/);
      await page.getByLabel("Show").selectOption("limited");
      await expect.poll(() => page.locator(".view").innerText()).toBe("No sample passes this filter.");
    });
  });

  test("of another run of the setup show the same item, and both answers stand side by side", async () => {
    const [atlas, north, granule] = ["atlas-70b", "north-1", "granule-14b"].map((model) => run("planets", model));
    await visit(`samples/?run=${atlas}&item=test/44`, async (page) => {
      await expect.poll(() => heading(page)).toBe("test/44");
      await page.locator("select[name=run]").selectOption(north ?? "");
      await expect.poll(() => new URL(page.url()).searchParams.get("run")).toBe(north);
      await expect.poll(() => heading(page)).toBe("test/44");
      await page.locator("select[name=b]").selectOption(granule ?? "");
      await page.getByRole("heading", { name: "Run B answered" }).waitFor();
      const answerOfB = page.locator(".answers section").nth(1);
      await expect.poll(() => answerOfB.innerText()).toContain("openai/quarry/granule-14b: exact_match");
      await expect.poll(() => heading(page)).toBe("test/44");
      await page.locator("select[name=run]").selectOption(run("recipes", "north-1"));
      await expect.poll(() => heading(page)).toBe("test/0");
      await expect.poll(() => new URL(page.url()).searchParams.get("b")).toBeNull();
    });
  });

  test("in which two runs differ are found", async () => {
    const [a, b] = [run("planets", "atlas-70b"), run("planets", "granule-3b")];
    await visit(`samples/?run=${a}&b=${b}&filter=differs`, async (page) => {
      await page.locator("article h2").waitFor();
      await expect.poll(() => page.locator(".matches p").innerText()).toMatch(/^\d+ of 240/);
      const count = Number.parseInt(await page.locator(".matches p").innerText(), 10);
      expect(count).toBeGreaterThan(40);
      expect(count).toBeLessThan(200);
      await expect.poll(() => page.locator(".answers section").count()).toBe(2);
    });
  });

  test("that don't exist, of runs that don't exist, are not replaced by others", async () => {
    await visit(`samples/?run=${run("planets", "atlas-70b")}&item=test/9999`, async (page) => {
      await expect.poll(() => page.locator(".view").innerText()).toContain("has no sample test/9999");
    });
    await visit("samples/?run=gone", async (page) => {
      await expect.poll(() => page.locator(".view").innerText()).toBe("There are no samples of gone here.");
    });
  });

  test("with hostile answers stay text", async () => {
    await visit(`samples/?run=${run("planets", "atlas-70b")}&item=test/1`, async (page) => {
      await page.locator("article h2").waitFor();
      const shown = await page.locator("article").innerText();
      expect(shown).toContain("<script>document.title='owned'</script>");
      expect(shown).toContain("abc⟨U+202E⟩gpj.exe");
      await expect.poll(() => page.title()).not.toContain("owned");
      await expect.poll(() => page.locator("article script, article img, article a").count()).toBe(0);
    });
  });

  test("with an answer of 10 MB are cut, and shown whole on demand", async () => {
    await visit(`samples/?run=${run("planets", "atlas-70b")}&item=test/2`, async (page) => {
      await page.locator("article h2").waitFor();
      await expect.poll(async () => (await page.locator("article").innerText()).length).toBeLessThan(20_000);
      await page.getByRole("button", { name: "Show all 10,000,013 characters" }).click();
      await expect.poll(() => page.locator("article").textContent()).toContain("the very end");
    });
  });

  test("in a shard whose hash is wrong are refused, visibly", async () => {
    const broken = join(scratch("broken"), "site");
    cpSync(out, broken, { recursive: true });
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(broken, "d/manifest.json"), "utf8")));
    const shard = (place: number) => {
      const name = `samples/${run("planets", "atlas-70b")}/${place}.bin`;
      return join(broken, manifest.files.find((file) => file.name === name)?.path ?? "missing");
    };
    cpSync(shard(1), shard(0));
    const at = await serveSite({ out: broken });
    await visit(
      `samples/?run=${run("planets", "atlas-70b")}`,
      async (page) => {
        const alert = page.getByRole("alert");
        await alert.waitFor();
        const words = "isn't the file that was published: its hash differs. It is not shown.";
        await expect.poll(() => alert.innerText()).toContain(words);
        await expect.poll(() => page.locator("article").count()).toBe(0);
        await expect.poll(() => page.getByRole("button", { name: "Try again" }).isVisible()).toBe(true);
      },
      { at },
    );
    await at.close();
  });
});

describe.skipIf(!hasBrowser)("two runs in a browser", () => {
  const { visit, run } = browsedSite("compare");
  const equivalent = browsedSite("compare-equivalent", {
    world: { ...smallWorld, models: smallWorld.models.slice(0, 2), tasks: smallWorld.tasks.slice(2) },
    files: {
      "equivalences.yaml":
        "equivalences:\n  - { id: five-examples, field: protocol.shots.count, reason: Examples change nothing here. }\n",
    },
  });
  const verdict = (page: Page) => page.locator(".view").innerText();

  test("are compared on the items they share, either way round", async () => {
    await visit(`compare/?a=${run("planets", "atlas-70b")}&b=${run("planets", "granule-3b")}`, async (page) => {
      const title = page.locator(".view h2");
      await expect.poll(() => title.innerText()).toBe("Run A does better: openai/acme/atlas-70b");
      await expect.poll(() => verdict(page)).toMatch(/A minus B, mean over items/);
      const first = /A minus B, mean over items\s+\+(\d+\.\d) points/.exec(await verdict(page))?.[1];
      await expect.poll(() => verdict(page)).toMatch(/McNemar's exact p\s+\d/);
      await page.getByRole("button", { name: "Swap" }).click();
      await expect.poll(() => title.innerText()).toBe("Run B does better: openai/acme/atlas-70b");
      await expect.poll(() => verdict(page)).toContain(`−${first} points`);
      await page.goBack();
      await expect.poll(() => title.innerText()).toBe("Run A does better: openai/acme/atlas-70b");
      await page.getByRole("heading", { name: /^Only A is right: \d+$/ }).waitFor();
      await page.locator(".narrow a").first().click();
      await page.getByRole("heading", { name: "Run B answered" }).waitFor();
      await expect.poll(() => page.locator("article").innerText()).toContain("exact_match (stated) 1");
    });
  });

  test("of two setups are not compared; the differing field is named", async () => {
    await visit(`compare/?a=${run("planets", "atlas-70b")}&b=${run("planets", "atlas-70b", 1)}`, async (page) => {
      await expect.poll(() => verdict(page)).toMatch(/^Not comparable/);
      await expect.poll(() => verdict(page)).toMatch(/protocol\.shots\.count\s+0\s+5/);
    });
  });

  test("of two setups that are declared equivalent are compared, with the rule and what the setups differ in", async () => {
    const [a, b] = [equivalent.run("timetables", "atlas-70b"), equivalent.run("timetables", "atlas-70b", 1)];
    await equivalent.visit(`compare/?a=${a}&b=${b}`, async (page) => {
      await expect.poll(() => verdict(page)).toMatch(/^† The two runs are of different setups/);
      await expect.poll(() => verdict(page)).toMatch(/A minus B, mean over items/);
      await expect.poll(() => verdict(page)).toMatch(/protocol\.shots\.count\s+0\s+5/);
      const rule = page.locator(".view a", { hasText: "five-examples" });
      await expect.poll(() => rule.getAttribute("href")).toBe("/methodology/#equivalence-five-examples");
      await page.goto(`${equivalent.url()}samples/?run=${a}&b=${b}`);
      await page.getByRole("heading", { name: "Run B answered" }).waitFor();
      await expect.poll(() => page.locator("article").innerText()).toContain("by the equivalence five-examples");
    });
  });

  test("that are one, or of which one is gone, are not replaced by others", async () => {
    const atlas = run("planets", "atlas-70b");
    await visit(`compare/?a=${atlas}&b=${atlas}`, async (page) => {
      await expect.poll(() => verdict(page)).toContain("Run A and run B are the same run.");
    });
    await visit(`compare/?a=${atlas}&b=taken-away`, async (page) => {
      await expect.poll(() => page.getByRole("alert").innerText()).toContain("There is no run taken-away here.");
    });
  });
});
