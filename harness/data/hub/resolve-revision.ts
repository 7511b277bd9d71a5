import { datasetInfo, spaceInfo } from "@huggingface/hub";
import { HubError } from "../errors/hub-error.ts";
import { type Connection, openSession } from "./session.ts";
import { displayName, type Subject } from "./subject.ts";

/** Asks the Hub which commit a branch or tag is at. @throws HubError */
export async function resolveRevision(connection: Connection, subject: Subject): Promise<string> {
  const session = openSession(connection, subject);
  const { repository, revision } = subject;
  const request = { name: repository.name, revision, hubUrl: connection.settings.endpoint, fetch: session.fetch };
  let sha: unknown;
  try {
    const info =
      repository.type === "space"
        ? await spaceInfo({ ...request, additionalFields: ["sha"] })
        : await datasetInfo({ ...request, additionalFields: ["sha"] });
    sha = info.sha;
  } catch (error) {
    throw session.explain(error);
  }
  if (typeof sha === "string" && /^[0-9a-f]{40}$/.test(sha)) return sha;
  throw new HubError({
    code: "DATA_HUB_ANSWER",
    what: `The Hub didn't say which commit ${revision} of ${displayName(repository)} is.`,
    fix: "Pin a commit of 40 hex digits in the task's dataset.",
  });
}
