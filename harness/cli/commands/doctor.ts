import { statfs } from "node:fs/promises";
import { readHubSettings } from "../../data/index.ts";
import { providers } from "../../model/index.ts";
import type { Options } from "../flags.ts";
import type { Terminal } from "../terminal.ts";

/** One finding. `warn` still lets most of Assay work; `fail` lets nothing work. */
interface Finding {
  name: string;
  state: "ok" | "warn" | "fail";
  what: string;
  fix?: string;
}

const marks = { ok: "✓", warn: "!", fail: "✗" } as const;
const colours = { ok: "green", warn: "yellow", fail: "red" } as const;
const leastFree = 2e9;

/** `assay doctor`: what works here, and what to do about the rest. Keys are named, never shown. */
export async function run(_args: string[], options: Options, terminal: Terminal): Promise<number> {
  const findings = [node(), ...keys(terminal), ...(await Promise.all([hub(terminal), engine(), disk()]))];
  if (options.json) terminal.json({ findings });
  else {
    for (const { state, name, what, fix } of findings) {
      terminal.print(
        `${terminal.style(colours[state], marks[state], "stdout")} ${name.padEnd(11)} ${what}${fix ? `\n              Do: ${fix}` : ""}`,
      );
    }
  }
  return findings.some((finding) => finding.state === "fail") ? 2 : 0;
}

function node(): Finding {
  return { name: "Node", state: "ok", what: `${process.version} on ${process.platform}-${process.arch}` };
}

function keys(terminal: Terminal): Finding[] {
  return providers
    .filter((provider) => provider.env.length > 0)
    .map((provider) => {
      const found = provider.env.find((name) => terminal.env[name]);
      if (found) return { name: provider.name, state: "ok", what: `${found} is set` };
      return {
        name: provider.name,
        state: "warn",
        what: `${provider.env.join(" or ")} is not set`,
        fix: `export ${provider.env[0]}=… to use ${provider.name}/<model>`,
      };
    });
}

async function hub(terminal: Terminal): Promise<Finding> {
  const settings = readHubSettings(terminal.env);
  const name = "Hub";
  if (settings.offline)
    return { name, state: "ok", what: `offline by HF_HUB_OFFLINE; only ${settings.cacheDir} is used` };
  try {
    const response = await fetch(`${settings.endpoint}/api/datasets/openai/gsm8k`, {
      signal: AbortSignal.timeout(5000),
    });
    if (response.ok) return { name, state: "ok", what: `${settings.endpoint} answers` };
    return {
      name,
      state: "warn",
      what: `${settings.endpoint} answers ${response.status}`,
      fix: "Check HF_ENDPOINT and HF_TOKEN.",
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return {
      name,
      state: "warn",
      what: `${settings.endpoint} can't be reached: ${cause}`,
      fix: "Check the network or HF_ENDPOINT. The starter tasks and data already fetched work without it.",
    };
  }
}

async function engine(): Promise<Finding> {
  const [{ sandboxStatus }, { sandboxSummary }] = await Promise.all([import("@assay/sandbox"), import("./sandbox.ts")]);
  const status = await sandboxStatus();
  const what = sandboxSummary(status);
  if (status.usable) {
    const [fix] = status.warnings;
    return { name: "Sandbox", state: "ok", what, ...(fix === undefined ? {} : { fix }) };
  }
  return { name: "Sandbox", state: "warn", what: `${what} Code tasks are refused until then; all others work.` };
}

async function disk(): Promise<Finding> {
  const { bavail, bsize } = await statfs(".");
  const free = bavail * bsize;
  const what = `${(free / 1e9).toFixed(1)} GB free here`;
  return free < leastFree
    ? { name: "Disk", state: "warn", what, fix: "Free some space: records of a large run need it." }
    : { name: "Disk", state: "ok", what };
}
