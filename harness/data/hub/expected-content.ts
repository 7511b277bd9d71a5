import type { ContentDigest } from "../content-digest.ts";
import { HubError } from "../errors/hub-error.ts";
import type { Announcement } from "./announce-files.ts";
import { describeSubject, type Subject } from "./subject.ts";

/** What the content must turn out to be; a hash that wasn't announced is absent. */
export interface ExpectedContent {
  bytes: number;
  sha256?: string;
  gitSha1?: string;
}

/**
 * Puts the announcements together. The entity tag of a download is the sha256 of a large file and Git's id of a small one;
 * mirrors may use sha256 for all, so a tag that is a sha256 goes before Git's id.
 */
export function expectContent(announced: Announcement, entityTag: string): ExpectedContent {
  const tag = entityTag.replace(/^W\//, "").replaceAll('"', "");
  const sha256 = announced.sha256 ?? (/^[0-9a-f]{64}$/.test(tag) ? tag : undefined);
  if (sha256 !== undefined) return { bytes: announced.bytes, sha256 };
  const gitSha1 = announced.gitSha1 ?? (/^[0-9a-f]{40}$/.test(tag) ? tag : undefined);
  return { bytes: announced.bytes, ...(gitSha1 === undefined ? {} : { gitSha1 }) };
}

/** @throws HubError `DATA_SIZE_MISMATCH`, `DATA_CHECKSUM_MISMATCH` */
export function checkContent(digest: ContentDigest, expected: ExpectedContent, subject: Subject): void {
  if (digest.bytes !== expected.bytes) throw sizeMismatch(digest.bytes, expected, subject);
  const [announced, received] =
    expected.sha256 === undefined ? [expected.gitSha1, digest.gitSha1] : [expected.sha256, digest.sha256];
  if (announced === undefined || announced === received) return;
  throw new HubError({
    code: "DATA_CHECKSUM_MISMATCH",
    what: `${describeSubject(subject)} arrived with another content than the Hub announced.`,
    why: `Its hash is ${received} instead of ${announced}: something between here and the Hub changes files.`,
    fix: `Nothing of it was kept. Check proxies and HF_ENDPOINT, then: ${subject.pullCommand}`,
    details: { file: subject.path ?? null, announced, received },
  });
}

/** The error for a body of another length than announced. */
export function sizeMismatch(received: number, expected: ExpectedContent, subject: Subject): HubError {
  return new HubError({
    code: "DATA_SIZE_MISMATCH",
    what: `${describeSubject(subject)} arrived with another size than the Hub announced.`,
    why: `${received} bytes came instead of ${expected.bytes}.`,
    fix: `Nothing of it was kept. Try again: ${subject.pullCommand}`,
    details: { file: subject.path ?? null, announced: expected.bytes, received },
  });
}
