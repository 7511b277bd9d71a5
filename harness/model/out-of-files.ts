/** Connections are files to the system, and it grants a process only so many. */
export function isOutOfFiles(cause: unknown): boolean {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return code === "EMFILE" || code === "ENFILE";
}
