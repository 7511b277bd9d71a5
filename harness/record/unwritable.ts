import { AssayError } from "../contracts/index.ts";

/** Explains a write that failed: a full disk and its kin, or what else the system says. */
export function unwritable(cause: unknown, { code, what }: { code: string; what: string }): AssayError {
  const { code: reason, message } = cause as NodeJS.ErrnoException;
  const isFull = reason === "ENOSPC" || reason === "EDQUOT" || reason === "EFBIG";
  return new AssayError({
    code,
    what,
    why: isFull ? `The disk is full (${reason}).` : message,
    fix: `${isFull ? "Free some space" : "Put that right"}, then issue the same command again: everything before is saved.`,
    cause,
  });
}
