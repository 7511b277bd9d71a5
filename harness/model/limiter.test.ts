import { expect, test } from "vitest";
import { AskAborted } from "./ask-aborted.ts";
import { Limiter, type Verdict } from "./limiter.ts";

const forever = new AbortController().signal;

/** Fills the limiter, then ends every request with the same verdict. @returns how many ran at once */
async function round(limiter: Limiter, verdict: Verdict, most = Number.POSITIVE_INFINITY): Promise<number> {
  const count = Math.min(limiter.limit, most);
  for (let index = 0; index < count; index += 1) await limiter.acquire(1, forever);
  for (let index = 0; index < count; index += 1) limiter.release(verdict);
  return count;
}

/** Keeps the limiter full over many successes. */
async function saturate(limiter: Limiter, successes: number): Promise<void> {
  for (let count = 0; count < successes; count += 1) {
    while (limiter.inFlight < limiter.limit) await limiter.acquire(1, forever);
    limiter.release("success");
  }
}

test("the limit doubles in a full round, and then grows by one a round once the server has complained", async () => {
  const limiter = new Limiter({});
  expect(limiter.limit).toBe(16);
  await saturate(limiter, 16);
  expect(limiter.limit).toBe(32);
  limiter.release("overloaded");
  expect(limiter.limit).toBe(22);
  await saturate(limiter, 22);
  expect(limiter.limit).toBe(23);
  await saturate(limiter, 23);
  expect(limiter.limit).toBe(24);
});

test("successes don't raise a limit that holds nothing back", async () => {
  const limiter = new Limiter({});
  for (let count = 0; count < 50; count += 1) await round(limiter, "success", 8);
  expect(limiter.limit).toBe(16);
});

test("the limit never passes 512", async () => {
  const limiter = new Limiter({});
  await saturate(limiter, 200_000);
  expect(limiter.limit).toBe(512);
});

test("complaints of one moment shrink the limit once, and never below one", async () => {
  const limiter = new Limiter({});
  await round(limiter, "overloaded");
  expect(limiter.limit).toBe(11);
});

test("a fixed limit stays, whatever happens", async () => {
  const limiter = new Limiter({ concurrency: 4 });
  await round(limiter, "success");
  await round(limiter, "overloaded");
  expect(limiter.limit).toBe(4);
});

test("no more than the limit are let through, in the order they came", async () => {
  const limiter = new Limiter({ concurrency: 2 });
  const entered: number[] = [];
  const all = [0, 1, 2, 3].map((number) => limiter.acquire(1, forever).then(() => entered.push(number)));
  await Promise.all(all.slice(0, 2));
  expect(entered).toEqual([0, 1]);
  limiter.release("success");
  await all[2];
  expect(entered).toEqual([0, 1, 2]);
  expect(limiter.inFlight).toBe(2);
});

test("who gives up waiting takes no place", async () => {
  const limiter = new Limiter({ concurrency: 1 });
  await limiter.acquire(1, forever);
  const gone = new AbortController();
  const waiting = limiter.acquire(1, gone.signal);
  gone.abort();
  await expect(waiting).rejects.toBeInstanceOf(AskAborted);
  limiter.release("success");
  await limiter.acquire(1, forever);
  expect(limiter.inFlight).toBe(1);
});

test("while the server wants peace nothing goes out", async () => {
  const limiter = new Limiter({});
  limiter.hold(120);
  const started = performance.now();
  await Promise.all([limiter.acquire(1, forever), limiter.acquire(1, forever)]);
  expect(performance.now() - started).toBeGreaterThan(110);
});

test("refusals without a hint are waited out by all, twice as long each time, until something succeeds", async () => {
  const refusedThrice = async () => {
    const limiter = new Limiter({ concurrency: 4 });
    for (let round = 0; round < 3; round += 1) {
      expect(limiter.backOff(1, 1)).toBeLessThanOrEqual(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return limiter;
  };
  const refused = await refusedThrice();
  const wait = refused.backOff(60_000, 1);
  expect(wait).toBeGreaterThan(4000);
  expect(wait).toBeLessThanOrEqual(8000);
  // Another refusal of the same moment is no further round.
  expect(refused.backOff(60_000, 1)).toBeLessThanOrEqual(wait);
  const relieved = await refusedThrice();
  await relieved.acquire(1, forever);
  relieved.release("success");
  expect(relieved.backOff(60_000, 1)).toBeLessThanOrEqual(1000);
});

test("requests and tokens a minute are kept over time, and what was wrongly expected is settled", async () => {
  const byRequests = new Limiter({ rpm: 1200, concurrency: 64 });
  let started = performance.now();
  for (let count = 0; count < 26; count += 1) await byRequests.acquire(1, forever);
  // One second's worth (20) is there at once, six more take 50 ms each.
  expect(performance.now() - started).toBeGreaterThan(280);

  const byTokens = new Limiter({ tpm: 60_000 });
  started = performance.now();
  let isThere = false;
  void byTokens.acquire(1000, forever).then(() => {
    isThere = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isThere).toBe(true);
  byTokens.settle(200);
  await byTokens.acquire(0, forever);
  expect(performance.now() - started).toBeGreaterThan(180);
});
