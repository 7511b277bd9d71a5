import { open, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { downloadFile, type FileDownloadInfoOutput, fileDownloadInfo } from "@huggingface/hub";
import { makeFolder } from "../../record/index.ts";
import { diskFull, explainDiskError } from "../cache/explain-disk-error.ts";
import { findCached } from "../cache/find-cached.ts";
import { repositoryFolder } from "../cache/layout.ts";
import { pointTo, publish, uniqueSuffix } from "../cache/publish.ts";
import { sweepStale } from "../cache/sweep-stale.ts";
import type { ContentDigest } from "../content-digest.ts";
import { HubError } from "../errors/hub-error.ts";
import type { Announcement } from "./announce-files.ts";
import { checkContent, type ExpectedContent, expectContent } from "./expected-content.ts";
import { type Connection, openSession, type Session } from "./session.ts";
import { describeSubject, type Subject } from "./subject.ts";
import { transfer } from "./transfer.ts";

/** A file that is now in the cache. */
export interface DownloadedFile {
  location: string;
  digest: ContentDigest;
}

/**
 * Fetches one file of a commit into the cache. It is written under a name of its own, checked against the announced size and
 * hash, and only then given its final names; content that another commit already brought is not fetched again. (The library's `downloadFileToCacheDir` writes every process's bytes to one
 * name, checks nothing and talks on stdout, so only its requests are used.)
 *
 * @param subject names the file by `path` and its commit by `revision`
 * @throws HubError, CacheError
 */
export async function downloadToCache(
  connection: Connection,
  subject: Subject & { path: string },
  { announced, onBytes }: { announced: Announcement; onBytes: (received: number) => void },
): Promise<DownloadedFile> {
  const { cacheDir } = connection.settings;
  const session = openSession(connection, subject);
  const info = await askForFile(connection, session, subject);
  const expected = expectContent(announced, info.etag);
  const folder = repositoryFolder(cacheDir, subject.repository);
  const temporary = join(folder.blobs, uniqueSuffix());
  const pointer = folder.pointer(subject.revision, subject.path);
  try {
    makeFolder(folder.blobs);
    const held = await findCached(join(folder.blobs, expected.sha256 ?? expected.gitSha1 ?? "unannounced"));
    if (held?.isIntact) {
      await pointTo(held.location, pointer);
      return held;
    }
    await sweepStale(folder.blobs);
    await checkRoom(connection, subject, expected);
    const blob = await bodyOf(connection, session, { subject, info });
    const digest = await write(temporary, { blob, expected, session, subject, onBytes, connection });
    checkContent(digest, expected, subject);
    const location = join(folder.blobs, expected.gitSha1 === undefined ? digest.sha256 : digest.gitSha1);
    await publish(temporary, location, pointer);
    return { location, digest };
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw explainDiskError(error, cacheDir, subject.pullCommand);
  }
}

async function askForFile(
  { settings }: Connection,
  session: Session,
  { repository, revision, path, ...subject }: Subject & { path: string },
): Promise<FileDownloadInfoOutput> {
  const repo = { type: repository.type, name: repository.name };
  try {
    const info = await fileDownloadInfo({ repo, path, revision, hubUrl: settings.endpoint, fetch: session.fetch });
    if (info !== null) return info;
  } catch (error) {
    throw session.explain(error);
  }
  throw new HubError({
    code: "DATA_FILE_MISSING",
    what: `There is no ${describeSubject({ repository, revision, path, ...subject })}.`,
    fix: `Correct the task's dataset, then: ${subject.pullCommand}`,
  });
}

async function bodyOf(
  { settings }: Connection,
  session: Session,
  { subject, info }: { subject: Subject & { path: string }; info: FileDownloadInfoOutput },
): Promise<Blob> {
  const { repository, revision, path } = subject;
  const repo = { type: repository.type, name: repository.name };
  const hub = { hubUrl: settings.endpoint, fetch: session.fetch };
  // Plain HTTP, also for files that the Hub could send in deduplicated chunks: it can be taken up anywhere after a break.
  const blob = await downloadFile({ repo, path, revision, downloadInfo: info, xet: false, ...hub });
  return blob ?? new Blob([]);
}

interface Write {
  blob: Blob;
  expected: ExpectedContent;
  session: Session;
  subject: Subject;
  onBytes: (received: number) => void;
  connection: Connection;
}

async function write(temporary: string, given: Write): Promise<ContentDigest> {
  const { retryDelaysMs } = given.connection;
  const destination = await open(temporary, "wx");
  try {
    const digest = await transfer({ ...given, destination, retryDelaysMs });
    await destination.sync();
    return digest;
  } finally {
    await destination.close();
  }
}

/** Says so before the transfer where the disk is certain to fill up. */
async function checkRoom(
  { settings }: Connection,
  { pullCommand }: Subject,
  { bytes }: ExpectedContent,
): Promise<void> {
  const { blocks, bavail, bsize } = await statfs(settings.cacheDir);
  const free = bavail * bsize;
  const isKnown = blocks > 0;
  if (isKnown && free < bytes) throw diskFull({ cacheDir: settings.cacheDir, pullCommand, needed: bytes, free });
}
