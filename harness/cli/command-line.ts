import { withoutCredentials } from "../model/index.ts";
import type { Terminal } from "./terminal.ts";

const secretName = /key|token|secret|password|credential/i;
const shortestSecret = 8;
const replacement = "[redacted]";

/** The arguments as they may be written down: no credentials in addresses, no secret of the environment, no `…key=…`. */
export function recordedCommand({ argv, env }: Pick<Terminal, "argv" | "env">): string[] {
  const secrets = Object.entries(env)
    .filter(([name, value]) => secretName.test(name) && (value?.length ?? 0) >= shortestSecret)
    .map(([, value]) => value as string);
  return ["assay", ...argv.map((argument) => recorded(argument, secrets))];
}

function recorded(argument: string, secrets: readonly string[]): string {
  const split = /^((?:--[a-z-]+=)?)(https?:\/\/.*)$/i.exec(argument);
  const clean = split ? `${split[1]}${withoutCredentials(split[2] ?? "")}` : argument;
  const hidden = clean.replace(/^([^=\s]*?)=(.+)$/s, (whole, name: string) =>
    /(?:^|[._-])(?:api_?key|key|token|secret|password)$/i.test(name) ? `${name}=${replacement}` : whole,
  );
  return secrets.reduce((text, secret) => text.replaceAll(secret, replacement), hidden);
}

/** A command line that a POSIX shell reads back as these arguments. */
export function shellLine(command: readonly string[]): string {
  return command
    .map((argument) => (/^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`))
    .join(" ");
}
