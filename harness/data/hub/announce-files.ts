import { listFiles, pathsInfo } from "@huggingface/hub";
import { nearestName } from "../../contracts/index.ts";
import { HubError } from "../errors/hub-error.ts";
import { type Connection, openSession, type Session } from "./session.ts";
import { describeSubject, displayName, type Subject } from "./subject.ts";

/** What the Hub says about a file before sending it. */
export interface Announcement {
  path: string;
  bytes: number;
  /** Of the content, for files in large-file storage. */
  sha256: string | undefined;
  /** Git's own id of the content, for all others. */
  gitSha1: string | undefined;
}

/** One request for all files. @throws HubError `DATA_FILE_MISSING` with the nearest name, among others */
export async function announceFiles(
  connection: Connection,
  subject: Subject,
  paths: string[],
): Promise<Announcement[]> {
  const session = openSession(connection, subject);
  const repo = { type: subject.repository.type, name: subject.repository.name };
  const common = { repo, revision: subject.revision, hubUrl: connection.settings.endpoint, fetch: session.fetch };
  let known: Awaited<ReturnType<typeof pathsInfo>>;
  try {
    known = await pathsInfo({ ...common, paths });
  } catch (error) {
    throw session.explain(error);
  }
  const files = new Map(known.filter((entry) => entry.type === "file").map((entry) => [entry.path, entry]));
  const announcements: Announcement[] = [];
  for (const path of paths) {
    const entry = files.get(path);
    if (entry === undefined)
      throw await missing({ ...subject, path }, () => listFiles({ ...common, recursive: true }), session);
    announcements.push({ path, bytes: entry.size, sha256: entry.lfs?.oid, gitSha1: entry.lfs ? undefined : entry.oid });
  }
  return announcements;
}

async function missing(
  subject: Subject & { path: string },
  list: () => AsyncIterable<{ type: string; path: string }>,
  session: Session,
): Promise<Error> {
  const names: string[] = [];
  try {
    for await (const entry of list()) if (entry.type === "file") names.push(entry.path);
  } catch (error) {
    return session.explain(error);
  }
  const nearest = nearestName(subject.path, names);
  return new HubError({
    code: "DATA_FILE_MISSING",
    what: `There is no ${describeSubject(subject)}.`,
    why:
      nearest === undefined
        ? `${displayName(subject.repository)} has ${names.length} files.`
        : `Did you mean ${nearest}?`,
    fix: `Correct the task's dataset, then: ${subject.pullCommand}`,
    details: { file: subject.path, nearest: nearest ?? null },
  });
}
