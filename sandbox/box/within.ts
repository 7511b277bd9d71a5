/**
 * Waits for `work` only so long: an engine that hangs must not hang its caller.
 *
 * @param late - what to do with a result that arrives after all
 * @throws Error "… did not answer in time"
 */
export async function within<Result>(
  work: Promise<Result>,
  { milliseconds, what, late }: { milliseconds: number; what: string; late?: (result: Result) => unknown },
): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    reject(new Error(`${what} did not answer in time`));
  }, milliseconds);
  work.then(
    (result) => (expired ? late?.(result) : undefined),
    () => undefined,
  );
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
