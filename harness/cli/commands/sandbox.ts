import { buildImages, pruneSandbox, sandboxStatus } from "@assay/sandbox";
import { InputError } from "../../contracts/index.ts";
import type { Options } from "../flags.ts";
import type { Terminal } from "../terminal.ts";

/** `assay sandbox status|build|prune`. */
export async function run([action]: string[], options: Options, terminal: Terminal): Promise<number> {
  if (action === "status") {
    const status = await sandboxStatus();
    if (options.json) terminal.json(status);
    else terminal.print(`${status.summary}${status.remedy ? `\nDo: ${status.remedy}` : ""}`);
    return status.available ? 0 : 2;
  }
  if (action === "build") {
    const image = await buildImages({ onLine: (line) => terminal.say(line) });
    if (options.json) terminal.json(image);
    else terminal.print(`${image.reference} ${image.id}`);
    return 0;
  }
  if (action === "prune") {
    const removed = await pruneSandbox();
    if (options.json) terminal.json({ removed });
    else terminal.print(`removed ${removed} containers`);
    return 0;
  }
  throw new InputError({
    code: "ACTION_UNKNOWN",
    what: `There is no \`assay sandbox ${action}\`.`,
    fix: "Use `assay sandbox status`, `build` or `prune`.",
  });
}
