import type { Terminal } from "./terminal.ts";

/** Ctrl-C once: finish what is in flight and save. Twice: stop now, and save. A third time ends the process at once. */
export interface Interrupts {
  draining: AbortSignal;
  aborting: AbortSignal;
  dispose(): void;
}

/** SIGHUP: the terminal was closed. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Listens to signals that ask for an end while a command asks a model. */
export function listenForInterrupts(terminal: Terminal): Interrupts {
  const draining = new AbortController();
  const aborting = new AbortController();
  const onSignal = () => {
    if (aborting.signal.aborted) process.exit(130);
    if (draining.signal.aborted) return aborting.abort();
    terminal.say("\nFinishing what is in flight and saving. Press Ctrl-C again to stop at once.");
    draining.abort();
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    draining: draining.signal,
    aborting: aborting.signal,
    dispose: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
