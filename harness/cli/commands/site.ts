import { InputError } from "../../contracts/index.ts";
import type { Options } from "../flags.ts";
import { counted } from "../format.ts";
import type { Terminal } from "../terminal.ts";

/** `assay site build|dev|check|publish`. */
export async function run([action, ...rest]: string[], options: Options, terminal: Terminal): Promise<number> {
  if (action === "publish") return publish(rest, options, terminal);
  const { buildSite, checkSite, serveSite } = await import("@assay/site");
  const { results, out, base, previous } = options;
  if (action === "build") {
    const built = await buildSite({ results, out, base, previous });
    if (options.json) terminal.json(built);
    else terminal.print(`${out}/index.html`);
    terminal.say(
      `${counted(built.runs, "run")}, ${counted(built.pages, "page")} in ${out}. Look at them: assay site dev --out ${out}`,
    );
    return 0;
  }
  if (action === "dev") {
    await buildSite({ results, out, base, previous });
    const server = await serveSite({ out, base, port: options.port });
    terminal.print(server.url);
    terminal.say("Press Ctrl-C to stop.");
    await new Promise<void>((resolve) => process.once("SIGINT", () => resolve()));
    await server.close();
    return 0;
  }
  if (action === "check") {
    const where = rest[0] ?? out;
    const problems = await checkSite(where);
    if (options.json) terminal.json({ problems });
    else for (const problem of problems) terminal.print(problem);
    terminal.say(problems.length === 0 ? `${where} is sound.` : `${counted(problems.length, "problem")} in ${where}.`);
    return problems.length === 0 ? 0 : 1;
  }
  throw new InputError({
    code: "ACTION_UNKNOWN",
    what: `There is no \`assay site ${action}\`.`,
    fix: "Use `assay site build`, `assay site dev`, `assay site check` or `assay site publish`.",
  });
}

async function publish([to, target]: string[], { out, json }: Options, terminal: Terminal): Promise<number> {
  const { destinations, publishSite } = await import("@assay/site");
  const destination = destinations.find((one) => one === to);
  if (!destination || target === undefined) {
    throw new InputError({
      code: "DESTINATION_MISSING",
      what: destination ? `${to} needs to know where.` : `There is no destination "${to ?? ""}".`,
      fix: "Use `assay site publish dir <folder>`, `hf-space <owner/name>` or `github-pages <repository>`.",
    });
  }
  const { readHubSettings } = await import("../../data/index.ts");
  const published = await publishSite({ out, to: destination, target, hub: readHubSettings(terminal.env) });
  if (json) terminal.json(published);
  else terminal.print(published.where);
  terminal.say(
    `${counted(published.changed, "file")} new or changed, ${published.removed} removed, ${published.unchanged} as before.`,
  );
  return 0;
}
