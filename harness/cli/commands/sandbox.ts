import {
  buildImages,
  type ImageIdentity,
  pruneSandbox,
  type SandboxStatus,
  SandboxUnavailable,
  sandboxStatus,
  TOOLCHAIN_LANGUAGES,
  type ToolchainLanguage,
} from "@assay/sandbox";
import { InputError } from "../../contracts/index.ts";
import type { Options } from "../flags.ts";
import { counted } from "../format.ts";
import type { Terminal } from "../terminal.ts";

/** `assay sandbox status|build|prune`. */
export async function run([action]: string[], options: Options, terminal: Terminal): Promise<number> {
  if (action === "status") return showStatus(options, terminal);
  try {
    if (action === "build") return await build(options, terminal);
    if (action === "prune") return await prune(options, terminal);
  } catch (error) {
    if (!(error instanceof SandboxUnavailable)) throw error;
    throw new InputError({ code: "SANDBOX_UNAVAILABLE", what: error.explanation, fix: error.remedy, cause: error });
  }
  throw new InputError({
    code: "ACTION_UNKNOWN",
    what: `There is no \`assay sandbox ${action}\`.`,
    fix: "Use `assay sandbox status`, `build` or `prune`.",
  });
}

async function showStatus(options: Options, terminal: Terminal): Promise<number> {
  const status = await sandboxStatus();
  if (options.json) terminal.json(status);
  else {
    terminal.print(sandboxSummary(status));
    for (const warning of status.warnings) terminal.print(`! ${warning}`);
  }
  return status.usable ? 0 : 2;
}

/** One line: what the sandbox is, or why there is none. */
export function sandboxSummary({ usable, engine, image, languages, problems }: SandboxStatus): string {
  if (!usable || !engine || !image) return problems.join("; ") || "no container engine";
  return `${engine.dialect} ${engine.version}, image ${image.name} (${image.id.slice(7, 19)}), also for ${languages.join(", ")}`;
}

async function build(options: Options, terminal: Terminal): Promise<number> {
  const image = await buildFrom(options, terminal);
  if (options.json) terminal.json(image);
  else terminal.print(`${image.name} ${image.id}`);
  return 0;
}

async function buildFrom(options: Options, terminal: Terminal): Promise<ImageIdentity> {
  const common = { language: toolchainOf(options.language), onLine: (line: string) => terminal.say(line) };
  if (options.from === "debian") return buildImages({ ...common, from: "debian" });
  const { pythonImage, nodeImage } = options;
  try {
    return await buildImages({ ...common, from: "registry", pythonImage, nodeImage });
  } catch (error) {
    if (options.from === "registry" || error instanceof SandboxUnavailable) throw error;
    terminal.say(`No build from a registry: ${(error as Error).message}`);
    terminal.say("Building from the Debian archive instead.");
    return buildImages({ ...common, from: "debian" });
  }
}

function toolchainOf(name: string | undefined): ToolchainLanguage | undefined {
  const language = TOOLCHAIN_LANGUAGES.find((one) => one === name);
  if (name === undefined || language !== undefined) return language;
  throw new InputError({
    code: "LANGUAGE_UNKNOWN",
    what: `There is no image for the language "${name}".`,
    fix: `Use one of ${TOOLCHAIN_LANGUAGES.join(", ")}; Python, JavaScript and TypeScript are in the base image.`,
  });
}

async function prune(options: Options, terminal: Terminal): Promise<number> {
  const removed = await pruneSandbox();
  if (options.json) terminal.json({ removed });
  else terminal.print(`removed ${counted(removed, "container")}`);
  return 0;
}
