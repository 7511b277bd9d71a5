import { AskAborted } from "./ask-aborted.ts";

/** Waits so many milliseconds. @throws AskAborted when the signal is */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new AskAborted());
    const stop = () => {
      clearTimeout(timer);
      reject(new AskAborted());
    };
    const timer = setTimeout(
      () => {
        signal.removeEventListener("abort", stop);
        resolve();
      },
      Math.min(ms, 2 ** 31 - 1),
    );
    signal.addEventListener("abort", stop, { once: true });
  });
}
