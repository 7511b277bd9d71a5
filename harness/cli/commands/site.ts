import { InputError } from "../../contracts/index.ts";
import type { Options } from "../flags.ts";
import type { Terminal } from "../terminal.ts";

/** `assay site build|dev|check`. */
export async function run([action]: string[], options: Options, terminal: Terminal): Promise<number> {
  const { buildSite, checkSite, serveSite } = await import("@assay/site");
  const { results, out, base } = options;
  if (action === "build") {
    const built = await buildSite({ results, out, base });
    if (options.json) terminal.json(built);
    else terminal.print(`${out}/index.html`);
    terminal.say(`${built.runs} runs, ${built.pages} pages in ${out}. Look at them: assay site dev --out ${out}`);
    return 0;
  }
  if (action === "dev") {
    await buildSite({ results, out, base });
    const server = await serveSite({ out, base, port: options.port });
    terminal.print(server.url);
    terminal.say("Press Ctrl-C to stop.");
    await new Promise<void>((resolve) => process.once("SIGINT", () => resolve()));
    await server.close();
    return 0;
  }
  if (action === "check") {
    const problems = await checkSite(out);
    if (options.json) terminal.json({ problems });
    else for (const problem of problems) terminal.print(problem);
    terminal.say(problems.length === 0 ? `${out} is sound.` : `${problems.length} problems in ${out}.`);
    return problems.length === 0 ? 0 : 1;
  }
  throw new InputError({
    code: "ACTION_UNKNOWN",
    what: `There is no \`assay site ${action}\`.`,
    fix: "Use `assay site build`, `assay site dev` or `assay site check`.",
  });
}
