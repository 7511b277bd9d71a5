import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const executable = process.env.ASSAY_CHROMIUM ?? "/usr/bin/chromium";
const required = (process.env.ASSAY_REQUIRE ?? "").split(",").includes("browser");

/** Whether tests that need a browser run here. Where one is required they run and fail without it. */
export const hasBrowser = existsSync(executable) || required;

/** Debian's Chromium, told to keep to itself. */
export function openBrowser(): Promise<Browser> {
  const quiet = ["gpu", "quic", "background-networking", "component-update", "sync"].map((name) => `--disable-${name}`);
  return chromium.launch({ executablePath: executable, args: ["--no-sandbox", "--no-first-run", ...quiet] });
}
