/** Something that keeps records from being shown as they are (F stops the build), or that a reader must be told (W). */
export interface Problem {
  /** Permanent name of the rule. */
  rule: string;
  severity: "F" | "W";
  run: string | null;
  message: string;
}

/** A problem that stops the build. */
export function fault(rule: string, run: string | null, message: string): Problem {
  return { rule, severity: "F", run, message };
}

/** A problem that is shown beside the score. */
export function warning(rule: string, run: string | null, message: string): Problem {
  return { rule, severity: "W", run, message };
}
