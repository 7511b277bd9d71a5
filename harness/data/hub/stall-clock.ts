/** Aborts when nothing is heard for too long while somebody watches. */
export interface StallClock {
  /** Aborted for good once the clock has run out. */
  signal: AbortSignal;
  /** Runs the clock until disposed; may be nested. */
  watch: () => Disposable;
  /** Something was heard: starts the clock over. */
  alive: () => void;
  /** Stops the clock until disposed, while we are the ones who wait. */
  pause: () => Disposable;
}

/** See {@link StallClock}. */
export function createStallClock(timeoutMs: number): StallClock {
  const controller = new AbortController();
  let watchers = 0;
  let timer: NodeJS.Timeout | undefined;

  function restart(): void {
    clearTimeout(timer);
    timer = watchers > 0 ? setTimeout(() => controller.abort(), timeoutMs) : undefined;
  }

  return {
    signal: controller.signal,
    alive: () => void timer?.refresh(),
    watch() {
      watchers += 1;
      restart();
      return {
        [Symbol.dispose]() {
          watchers -= 1;
          restart();
        },
      };
    },
    pause() {
      clearTimeout(timer);
      timer = undefined;
      return { [Symbol.dispose]: restart };
    },
  };
}
