import { InputError } from "../contracts/index.ts";

/** What a command was to write couldn't be written. */
export function outUnwritable(what: string, folder: string, cause: unknown): InputError {
  return new InputError({
    code: "OUT_UNWRITABLE",
    what: `${what} can't be written to ${folder}.`,
    why: cause instanceof Error ? cause.message : String(cause),
    fix: "Name a folder that you may write to.",
    cause,
  });
}
