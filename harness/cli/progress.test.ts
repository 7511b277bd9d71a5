import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { ModelCallError } from "../model/model-call-error.ts";
import { downloadProgress } from "./download-progress.ts";
import { Progress, type ProgressState } from "./progress.ts";
import { Terminal } from "./terminal.ts";

const quiet: ProgressState = { inFlight: 3, limit: 8, retries: 0, cached: 0, cost: null };

function talk(isTTY: boolean, env: Record<string, string> = {}) {
  const err = Object.assign(new PassThrough(), { isTTY, columns: 60 });
  const terminal = new Terminal(new PassThrough(), err as unknown as NodeJS.WriteStream, env);
  let now = 0;
  const later = () => {
    now += 120;
  };
  return { terminal, progress: new Progress(terminal, () => now), later, read: () => String(err.read() ?? "") };
}

test("on a terminal one line is redrawn, no longer than the terminal is wide", () => {
  const { progress, later, read } = talk(true);
  progress.open("toy@chat openai/m", () => ({ ...quiet, retries: 2, cost: 1.5 }));
  progress.start(1000, 0);
  later();
  progress.sample("scored", 1);
  const drawn = read();
  expect(drawn).toMatch(/^\r\u001b\[2Ktoy@chat openai\/m {2}1\/1,000 {2}mean 1\.000 ±0\.000/);
  expect(drawn.split("\u001b[2K")[1]?.length).toBeLessThanOrEqual(60);
  expect(drawn).not.toContain("\n");
  progress.end();
  expect(read()).toBe("\r\u001b[2K");
});

test("what is shown: done, running score, places, trouble by kind, money, time left", () => {
  const { progress, later, read } = talk(true);
  const state = { ...quiet, retries: 2, cached: 4, cost: 1.5 };
  progress.open("t", () => state);
  progress.start(10, 2);
  for (const outcome of ["errored", "unparsed", "refused", "limited"] as const) progress.sample(outcome, null);
  later();
  progress.sample("scored", 1);
  const wide = read();
  expect(wide).toContain("2 of 10 samples are finished already");
  expect(wide).toContain("t  7/10  mean 1.000 ±0.000  3/8 at once  4 cached");
  progress.end();
});

test("in a pipe or in CI there are plain lines without control characters, at most every five seconds", () => {
  for (const { progress, later, read } of [talk(false), talk(true, { CI: "1" })]) {
    progress.open("t", () => quiet);
    progress.start(10, 0);
    later();
    progress.sample("scored", 1);
    progress.sample("scored", 0);
    progress.end();
    expect(read()).toBe("");
  }
});

test("a retry says what the server said and when the next try is, once in a while", () => {
  const { progress, read } = talk(false);
  progress.open("t", () => quiet);
  const error = new ModelCallError("rate_limited", { what: "http://x answered 429: slow down.", status: 429 });
  const event = { error, failures: 1, retries: 6, pauseMs: 20_000 };
  progress.retry("openai/m", event);
  progress.retry("openai/m", event);
  progress.end();
  expect(read()).toBe("! openai/m: http://x answered 429: slow down. Trying again in 20 s (1 of 6).\n");
});

test("a download counts up on a terminal, and is one line elsewhere", () => {
  const events = [
    { file: "big.parquet", bytes: 1_000_000, total: 4_000_000 },
    { file: "big.parquet", bytes: 4_000_000, total: 4_000_000 },
  ];
  const [live, plain] = [talk(true), talk(false)];
  for (const { terminal, read } of [live, plain]) {
    const tell = downloadProgress(terminal);
    for (const event of events) tell(event);
    expect(read()).toBe(
      terminal.isInteractive
        ? "\r\u001b[2Kfetching big.parquet  1.0 of 4.0 MB  25 %\r\u001b[2Kfetched big.parquet (4.0 MB)\n"
        : "fetched big.parquet (4.0 MB)\n",
    );
  }
});
