import { Command, CommanderError } from "commander";
import { type CommandSpec, commands } from "./commands.ts";
import { type FlagSpec, flags, type Options } from "./flags.ts";
import { Terminal } from "./terminal.ts";

const proxyName = /^https?_proxy$/i;

/**
 * Runs one command line.
 *
 * @param argv - arguments without node and script
 * @returns the exit code: 0 done, 1 below the gate, 2 could not evaluate, 130 interrupted with everything saved
 */
export async function main(argv: readonly string[], terminal = new Terminal()): Promise<number> {
  let code = 0;
  terminal.argv = argv;
  const program = new Command("assay")
    .description("Ask models public benchmarks under a stated protocol, and record every score with its setup.")
    .version((await import("./version.ts")).version)
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    })
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .showHelpAfterError("Do:  `assay --help` lists the commands, `assay <command> --help` says what one takes.")
    .exitOverride();
  for (const spec of commands) {
    addCommand(program, spec).action(async (...received: unknown[]) => {
      const args = received
        .slice(0, -2)
        .flat()
        .filter((arg) => arg !== undefined) as string[];
      if (Object.keys(terminal.env).some((name) => proxyName.test(name)))
        (await import("./use-proxy.ts")).useProxy(terminal.env);
      code = await (await spec.load()).run(args, received.at(-2) as Options, terminal);
    });
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    return await report(error, { argv, terminal });
  }
}

function addCommand(program: Command, spec: CommandSpec): Command {
  const command = program.command(spec.syntax).description(spec.summary);
  for (const name of spec.flags) {
    const flag: FlagSpec = flags[name];
    if (flag.parse) command.option(flag.syntax, flag.help, flag.parse, flag.default);
    else command.option(flag.syntax, flag.help, flag.default as string | undefined);
  }
  return command.addHelpText("after", `\nExamples:\n${spec.examples.map((example) => `  $ ${example}`).join("\n")}`);
}

/** Explaining needs more code than help does: it is loaded when something is wrong. */
async function report(error: unknown, to: { argv: readonly string[]; terminal: Terminal }): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const { argv, terminal } = to;
  const { errorJson, renderError } = await import("./render-error.ts");
  if (error instanceof CommanderError) {
    // What is wrong with the command line was said already.
    if (argv.includes("--json")) terminal.json(errorJson(await usageError(error)));
    return 2;
  }
  if (argv.includes("--json")) terminal.json(errorJson(error));
  terminal.say(renderError(error, terminal));
  return 2;
}

async function usageError({ message }: CommanderError): Promise<Error> {
  const { InputError } = await import("../contracts/index.ts");
  const what = message.replace(/^error: /, "").replaceAll("\n", " ");
  return new InputError({ code: "COMMAND_INVALID", what, fix: "`assay <command> --help` says what it takes." });
}
