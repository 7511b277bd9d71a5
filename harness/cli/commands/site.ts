import { dirname, resolve } from "node:path";
import type { BuiltSite, ServedSite } from "@assay/site";
import { InputError } from "../../contracts/index.ts";
import { makeFolder } from "../../record/index.ts";
import type { Options } from "../flags.ts";
import { counted } from "../format.ts";
import { outUnwritable } from "../out-unwritable.ts";
import type { Terminal } from "../terminal.ts";

/** `assay site build|dev|check|publish`. */
export async function run([action, ...rest]: string[], options: Options, terminal: Terminal): Promise<number> {
  if (action === "publish") return publish(rest, options, terminal);
  const { checkSite } = await import("@assay/site");
  const { out } = options;
  if (action === "build") {
    const built = await build(options);
    if (options.json) terminal.json(built);
    else terminal.print(`${out}/index.html`);
    for (const note of built.notes) terminal.say(`! ${note}`);
    terminal.say(
      `${counted(built.runs, "run")}, ${counted(built.pages, "page")} in ${out}. Look at them: assay site dev --out ${out}`,
    );
    return 0;
  }
  if (action === "dev") {
    await build(options);
    const server = await serve(options);
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

const unwritable = new Set(["EACCES", "EEXIST", "EISDIR", "ENAMETOOLONG", "ENOENT", "ENOTDIR", "EPERM", "EROFS"]);

async function build({ results, out, base, previous }: Options): Promise<BuiltSite> {
  const { buildSite } = await import("@assay/site");
  try {
    makeFolder(dirname(resolve(out)));
    return await buildSite({ results, out, base, previous });
  } catch (error) {
    throw unwritable.has((error as NodeJS.ErrnoException).code ?? "") ? outUnwritable("The site", out, error) : error;
  }
}

async function serve({ out, base, port }: Options): Promise<ServedSite> {
  const { serveSite } = await import("@assay/site");
  try {
    return await serveSite({ out, base, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE" && code !== "EACCES" && code !== "ERR_SOCKET_BAD_PORT") throw cause;
    throw new InputError({
      code: "PORT_UNUSABLE",
      what: `The site can't be served at port ${port}.`,
      why: cause instanceof Error ? cause.message : String(cause),
      fix: "Name another one, or 0 for any that is free: --port 0",
      cause,
    });
  }
}

async function publish([to, target]: string[], { out, json }: Options, terminal: Terminal): Promise<number> {
  const { destinations, publishSite } = await import("@assay/site");
  const destination = destinations.find((one) => one === to);
  if (!destination || target === undefined) {
    throw new InputError({
      code: "DESTINATION_MISSING",
      what: destination
        ? `${to} needs to know where.`
        : to === undefined
          ? "No destination is named."
          : `There is no destination "${to}".`,
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
