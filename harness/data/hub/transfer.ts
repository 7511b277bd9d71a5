import type { FileHandle } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type ContentDigest, type ContentHasher, createContentHasher } from "../content-digest.ts";
import type { HubError } from "../errors/hub-error.ts";
import { type ExpectedContent, sizeMismatch } from "./expected-content.ts";
import type { Session } from "./session.ts";
import type { Subject } from "./subject.ts";

/** One body on its way into one file. */
export interface Transfer {
  /** From the Hub library: asks for its bytes only when read, any part of them by `slice`. */
  blob: Blob;
  destination: FileHandle;
  expected: ExpectedContent;
  subject: Subject;
  session: Session;
  /** Before each further attempt. */
  retryDelaysMs: readonly number[];
  onBytes: (received: number) => void;
}

interface Progress {
  received: number;
  hasher: ContentHasher;
}

/**
 * Writes a body into a file and hashes it on the way. A broken connection is taken up again where it broke.
 *
 * @throws HubError; disk errors as they come
 */
export async function transfer(given: Transfer): Promise<ContentDigest> {
  const progress: Progress = { received: 0, hasher: createContentHasher(given.expected.bytes) };
  for (let attempts = 0; ; attempts += 1) {
    const failure = await receive(given, progress);
    if (failure === undefined && progress.received === given.expected.bytes) return progress.hasher.digest();
    const delay = given.retryDelaysMs[attempts];
    if (failure !== undefined && !failure.retryable) throw failure;
    if (delay === undefined) throw failure ?? sizeMismatch(progress.received, given.expected, given.subject);
    await sleep(delay);
  }
}

/** Reads until the body ends or breaks. @returns what broke it; a body that merely ends early returns nothing */
async function receive(given: Transfer, progress: Progress): Promise<HubError | undefined> {
  const { blob, destination, expected, subject, session } = given;
  using _watching = session.watch();
  const reader = blob.slice(progress.received, blob.size).stream().getReader();
  try {
    for (;;) {
      const next = await reader.read().catch((error: unknown) => session.explain(error));
      if (next instanceof Error) return next;
      if (next.done) return undefined;
      session.alive();
      progress.received += next.value.length;
      if (progress.received > expected.bytes) throw sizeMismatch(progress.received, expected, subject);
      progress.hasher.update(next.value);
      await destination.appendFile(next.value);
      given.onBytes(progress.received);
    }
  } finally {
    // Also ends a body that is still coming; one that is over has nothing left to cancel.
    await reader.cancel().catch(() => {});
  }
}
