import { buildImages, pruneSandbox, type SandboxStatus, SandboxUnavailable, sandboxStatus } from "@assay/sandbox";
import { InputError } from "../../contracts/index.ts";
import type { Options } from "../flags.ts";
import type { Terminal } from "../terminal.ts";

/** `assay sandbox status|build|prune`. */
export async function run([action]: string[], options: Options, terminal: Terminal): Promise<number> {
  if (action === "status") return showStatus(options, terminal);
  try {
    if (action === "build") return await build(options, terminal);
    if (action === "prune") return await prune(options, terminal);
  } catch (error) {
    if (!(error instanceof SandboxUnavailable)) throw error;
    throw new InputError({ code: "SANDBOX_UNAVAILABLE", what: error.message, fix: error.remedy, cause: error });
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
export function sandboxSummary({ usable, engine, image, problems }: SandboxStatus): string {
  if (!usable || !engine || !image) return problems.join("; ") || "no container engine";
  return `${engine.dialect} ${engine.version}, image ${image.name} (${image.id.slice(7, 19)})`;
}

async function build(options: Options, terminal: Terminal): Promise<number> {
  const onLine = (line: string) => terminal.say(line);
  const { pythonImage, nodeImage } = options;
  if ((pythonImage === undefined) !== (nodeImage === undefined)) {
    throw new InputError({
      code: "BASE_IMAGES",
      what: "A build from a registry needs both --python-image and --node-image.",
      fix: "Give both, pinned as name@sha256:…, or neither to build from the Debian archive.",
    });
  }
  const image =
    pythonImage !== undefined && nodeImage !== undefined
      ? await buildImages({ from: "registry", pythonImage, nodeImage, onLine })
      : await buildImages({ from: "debian", onLine });
  if (options.json) terminal.json(image);
  else terminal.print(`${image.name} ${image.id}`);
  return 0;
}

async function prune(options: Options, terminal: Terminal): Promise<number> {
  const removed = await pruneSandbox();
  if (options.json) terminal.json({ removed });
  else terminal.print(`removed ${removed} containers`);
  return 0;
}
