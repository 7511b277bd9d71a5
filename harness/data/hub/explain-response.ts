import { HubError, type HubErrorCode } from "../errors/hub-error.ts";
import { describeSubject, displayName, type Subject } from "./subject.ts";

/** A refusal and what is known about the request. */
export interface Refusal {
  response: Response;
  subject: Subject;
  endpoint: string;
  hasToken: boolean;
}

interface Explanation {
  code: HubErrorCode;
  what: string;
  why: string;
  fix: string;
}

/**
 * Turns an answer that isn't 2xx into an error that says what to do. Consumes the body. The Hub names the cause in
 * `x-error-code`; without a token it answers 401 for gated, private and missing repositories alike.
 */
export async function explainResponse(refusal: Refusal): Promise<HubError> {
  const { response, subject } = refusal;
  const words = await serverWords(response);
  const explanation = explain(refusal, response.headers.get("x-error-code") ?? "");
  return new HubError({
    ...explanation,
    why: words === "" ? explanation.why : `${explanation.why} The server says: ${words}`,
    details: {
      status: response.status,
      repo: subject.repository.name,
      revision: subject.revision,
      file: subject.path ?? null,
    },
    retryAfterMs: retryAfterMs(response),
  });
}

function explain(refusal: Refusal, errorCode: string): Explanation {
  const { status } = refusal.response;
  if (!isFromHub(refusal)) return fromStorage(refusal);
  if (status === 401 || status === 403) return forbidden(refusal, errorCode);
  if (status === 404) return missing(refusal.subject, errorCode);
  const what = `The Hub answered ${status} for ${describeSubject(refusal.subject)}.`;
  const fix = `Try again: ${refusal.subject.pullCommand}`;
  if (status === 408 || status === 429 || status >= 500) {
    return {
      code: "DATA_HUB_UNAVAILABLE",
      what,
      why: status === 429 ? "It asks for fewer requests." : "It is in trouble.",
      fix,
    };
  }
  return { code: "DATA_HUB_ANSWER", what, why: "Assay doesn't know this answer.", fix };
}

function forbidden({ response, subject, endpoint, hasToken }: Refusal, errorCode: string): Explanation {
  const name = displayName(subject.repository);
  const page = `${endpoint}/${subject.repository.type}s/${subject.repository.name}`;
  const what = `The Hub refused ${describeSubject(subject)} (${response.status}).`;
  if (!hasToken) {
    return {
      code: "DATA_GATED",
      what,
      why: `No token was sent, and ${name} is gated, private, or doesn't exist.`,
      fix: `Accept its terms at ${page}, set HF_TOKEN to a token that may read it, then: ${subject.pullCommand}`,
    };
  }
  if (errorCode === "GatedRepo" || response.status === 403) {
    return {
      code: "DATA_GATED",
      what,
      why: "The token's account has not been given access.",
      fix: `Accept the terms at ${page} with that account (or give a fine-grained token access to it), then: ${subject.pullCommand}`,
    };
  }
  return {
    code: "DATA_TOKEN_REFUSED",
    what,
    why: "The token is wrong or has expired, or the repository doesn't exist.",
    fix: `Set HF_TOKEN to a valid token, or unset it for public data, then: ${subject.pullCommand}`,
  };
}

function missing(subject: Subject, errorCode: string): Explanation {
  const name = displayName(subject.repository);
  const fix = `Correct the task's dataset, then: ${subject.pullCommand}`;
  if (errorCode === "RevisionNotFound") {
    const what = `${name} has no revision ${subject.revision}.`;
    return { code: "DATA_REVISION_MISSING", what, why: "Branches can be deleted and history rewritten.", fix };
  }
  if (errorCode === "EntryNotFound" || (errorCode === "" && subject.path !== undefined)) {
    const what = `There is no ${describeSubject(subject)}.`;
    return { code: "DATA_FILE_MISSING", what, why: "Files may have other names at other revisions.", fix };
  }
  return {
    code: "DATA_REPO_MISSING",
    what: `The Hub has no ${name}.`,
    why: "It was renamed, removed or never existed.",
    fix,
  };
}

function fromStorage({ response, subject }: Refusal): Explanation {
  return {
    code: "DATA_HUB_UNAVAILABLE",
    what: `The Hub's storage answered ${response.status} for ${describeSubject(subject)}.`,
    why: "The link that the Hub gave didn't work.",
    fix: `Try again: ${subject.pullCommand}`,
  };
}

/** After a redirect the answer is the storage server's, whose 403 means an expired link. */
function isFromHub({ response, endpoint }: Refusal): boolean {
  return response.url === "" || new URL(response.url).origin === new URL(endpoint).origin;
}

async function serverWords(response: Response): Promise<string> {
  const header = response.headers.get("x-error-message");
  if (header) {
    await response.body?.cancel();
    return header;
  }
  const text = await response.text().catch(() => "");
  try {
    const parsed: unknown = JSON.parse(text);
    const error = parsed !== null && typeof parsed === "object" && "error" in parsed ? parsed.error : "";
    return typeof error === "string" ? error.slice(0, 300) : "";
  } catch {
    // An HTML page from a proxy helps nobody.
    return "";
  }
}

function retryAfterMs(response: Response): number | undefined {
  const header = response.headers.get("retry-after");
  if (header === null) return undefined;
  const milliseconds = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : undefined;
}
