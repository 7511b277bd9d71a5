import { HubError } from "../errors/hub-error.ts";
import type { HubSettings } from "../settings.ts";
import { describeSubject, type Subject } from "./subject.ts";

/** What is known when a request fails. */
export interface Circumstances {
  subject: Subject;
  settings: HubSettings;
  failure: HubError | undefined;
  signal: AbortSignal | undefined;
  isStalled: boolean;
}

/** Turns whatever a request or a body threw into an error that says what to do. */
export function explainFailure(
  error: unknown,
  { subject, settings, failure, signal, isStalled }: Circumstances,
): HubError {
  const about = describeSubject(subject);
  const fix = `Try again: ${subject.pullCommand}`;
  if (signal?.aborted) {
    const what = `Fetching ${about} was interrupted.`;
    return new HubError({ code: "DATA_INTERRUPTED", what, why: "Nothing unfinished was kept.", fix, cause: error });
  }
  if (isStalled) {
    const why = `Nothing was heard for ${settings.stallTimeoutMs / 1000} s.`;
    return new HubError({ code: "DATA_TIMEOUT", what: `Fetching ${about} hangs.`, why, fix, cause: error });
  }
  if (error instanceof HubError) return error;
  // A stream of the library ends in the message of what `fetch` threw before.
  if (typeof error === "string" && failure !== undefined) return failure;
  if (error instanceof TypeError && error.message === "fetch failed") {
    const why = `${new URL(settings.endpoint).host} can't be reached: ${rootMessage(error)}.`;
    const offline = `Check the network and HF_ENDPOINT, then: ${subject.pullCommand}. Set HF_HUB_OFFLINE=1 to use what is cached.`;
    return new HubError({
      code: "DATA_HUB_UNREACHABLE",
      what: `${about} can't be fetched.`,
      why,
      fix: offline,
      cause: error,
    });
  }
  if (error instanceof TypeError) {
    const why = `The connection broke: ${rootMessage(error)}.`;
    return new HubError({ code: "DATA_CONNECTION_LOST", what: `Fetching ${about} broke off.`, why, fix, cause: error });
  }
  const why = `Assay can't use what it sent: ${rootMessage(error)}.`;
  return new HubError({
    code: "DATA_HUB_ANSWER",
    what: `The Hub's answer about ${about} is unexpected.`,
    why,
    fix,
    cause: error,
  });
}

function rootMessage(error: unknown): string {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  const code = root instanceof Error && "code" in root ? ` (${String(root.code)})` : "";
  const message = root instanceof Error ? `${root.message || root.name}${code}` : String(root);
  // Links into storage are signed: whoever has one may download.
  return message.replace(/(https?:\/\/[^\s?]+)\?\S*/g, "$1");
}
