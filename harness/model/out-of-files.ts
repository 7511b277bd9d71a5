import { readFileSync } from "node:fs";

/** Connections are files to the system, and it grants a process only so many. */
export function isOutOfFiles(cause: unknown): boolean {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return code === "EMFILE" || code === "ENFILE";
}

/** Connections to one server at once, where nothing less is granted. */
const mostConnections = 1024;
/** Files that the process needs for other things: code, data, journal, cache, the sandbox. */
const otherFiles = 48;

/** Connections that may be open at once. Where the system doesn't say (only Linux does), as many as we ever need. */
export function grantedConnections(): number {
  const granted = /^Max open files\s+(\d+)/m.exec(readLimits())?.[1];
  if (granted === undefined) return mostConnections;
  return Math.max(1, Math.min(mostConnections, Number(granted) - otherFiles));
}

function readLimits(): string {
  try {
    return readFileSync("/proc/self/limits", "utf8");
  } catch {
    return "";
  }
}
