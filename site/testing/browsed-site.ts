import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Sample } from "@assay/harness/contracts";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { buildSite } from "../build/build-site.ts";
import { type ServedSite, serveSite } from "../build/serve-site.ts";
import { openBrowser } from "./browser.ts";
import { type MadeWorld, makeResults, smallWorld } from "./make-results.ts";
import { scratch } from "./scratch.ts";

const modelsFile = `models:
  - { id: openai/acme/atlas-70b, weights: open, parameters: 70, licence: Apache-2.0, released: "2026-02" }
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

interface VisitOptions extends BrowserContextOptions {
  expectTrouble?: boolean;
  at?: ServedSite;
}

/** A built site of a made-up world with every kind of page, served, and a browser to look at it. */
export interface BrowsedSite {
  /** Address with a slash at the end. */
  url: () => string;
  /** Folder of the built site. */
  out: string;
  browser: () => Browser;
  /** The run of this task and model; `setup` counts its setups: 0 without examples, 1 with five. */
  run: (task: string, model: string, setup?: number) => string;
  /** Opens a page, runs the steps, and fails on anything the page complains about or fetches from elsewhere. */
  visit: (
    path: string,
    steps: (page: Page, context: BrowserContext) => Promise<void>,
    options?: VisitOptions,
  ) => Promise<void>;
}

/** Builds and serves the site before the tests of a file, and closes all after them. Call it inside `describe`. */
export function browsedSite(
  name: string,
  options: {
    world?: MadeWorld;
    /** What the site that is built over shows. */
    earlier?: MadeWorld;
    change?: (sample: Sample, model: string) => Sample;
    files?: Record<string, string>;
  } = {},
): BrowsedSite {
  const { world = smallWorld, change } = options;
  const root = scratch(name);
  const results = join(root, "results");
  const out = join(root, "site");
  let runs: string[] = [];
  let opened: { browser: Browser; served: ServedSite } | null = null;
  const use = () => {
    if (!opened) throw new Error("the site isn't built yet");
    return opened;
  };
  const run = (task: string, model: string, setup = 0) =>
    runs.filter((id) => id.startsWith(`${task}-`) && id.includes(`${model}-`))[setup] ?? "";

  beforeAll(async () => {
    if (options.earlier) {
      await makeResults(join(root, "earlier"), options.earlier);
      await buildSite({ results: join(root, "earlier"), out });
    }
    runs = (await makeResults(results, change ? { ...world, change } : world)).map((record) => record.runId);
    const declared: Record<string, string> = options.files ?? {
      "models.yaml": modelsFile,
      "claims/atlas-card.yaml": claimFile,
      "studies/shots.yaml": `${studyFile}runs: [${run("planets", "atlas-70b")}, ${run("planets", "atlas-70b", 1)}]\n`,
    };
    for (const [path, content] of Object.entries(declared)) {
      mkdirSync(join(results, path, ".."), { recursive: true });
      writeFileSync(join(results, path), content);
    }
    await buildSite({ results, out });
    opened = { served: await serveSite({ out }), browser: await openBrowser() };
  });
  afterAll(async () => {
    await opened?.browser.close();
    await opened?.served.close();
  });

  const visit: BrowsedSite["visit"] = async (path, steps, { expectTrouble, at, ...options } = {}) => {
    const { browser, served } = use();
    const context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"], ...options });
    context.setDefaultTimeout(120_000);
    const page = await context.newPage();
    const trouble: string[] = [];
    page.on("pageerror", (error) => trouble.push(error.message));
    page.on("console", (message) => message.type() === "error" && trouble.push(message.text()));
    page.on("request", (request) => {
      if (!/^(http:\/\/127\.0\.0\.1:|data:)/.test(request.url())) trouble.push(request.url());
    });
    try {
      await page.goto((at ?? served).url + path, { waitUntil: "networkidle" });
      await steps(page, context);
      if (!expectTrouble) expect(trouble).toEqual([]);
    } finally {
      await context.close();
    }
  };
  return { url: () => use().served.url, out, browser: () => use().browser, run, visit };
}
