import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** How to reach the Hub and where downloads are kept. */
export interface HubSettings {
  /** Without a trailing slash. */
  endpoint: string;
  /** Never written to a file or a message. */
  token: string | null;
  /** The folder that holds `datasets--owner--name/`, shared with the Python client. */
  cacheDir: string;
  /** Only the cache may be used. */
  offline: boolean;
  /** Milliseconds without a single byte after which a request counts as hanging. */
  stallTimeoutMs: number;
}

/** Any set of environment variables: `process.env`, or a test's own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads what the Python client reads, in its order of precedence, so that one login and one cache serve both.
 *
 * @see https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables
 */
export function readHubSettings(environment: Environment, home: string = homedir()): HubSettings {
  const expand = (path: string): string => (path === "~" || path.startsWith("~/") ? join(home, path.slice(1)) : path);
  const hubHome = expand(
    environment.HF_HOME || join(environment.XDG_CACHE_HOME || join(home, ".cache"), "huggingface"),
  );
  const timeoutSeconds = Number(environment.HF_HUB_DOWNLOAD_TIMEOUT);
  return {
    endpoint: (environment.HF_ENDPOINT || "https://huggingface.co").replace(/\/+$/, ""),
    token: findToken(environment, expand(environment.HF_TOKEN_PATH || join(hubHome, "token"))),
    cacheDir: expand(environment.HF_HUB_CACHE || environment.HUGGINGFACE_HUB_CACHE || join(hubHome, "hub")),
    offline: isYes(environment.HF_HUB_OFFLINE) || isYes(environment.TRANSFORMERS_OFFLINE),
    stallTimeoutMs: timeoutSeconds > 0 ? timeoutSeconds * 1000 : 30_000,
  };
}

function findToken(environment: Environment, tokenFile: string): string | null {
  const given = environment.HF_TOKEN?.trim() || environment.HUGGING_FACE_HUB_TOKEN?.trim();
  if (given) return given;
  if (isYes(environment.HF_HUB_DISABLE_IMPLICIT_TOKEN)) return null;
  try {
    return readFileSync(tokenFile, "utf8").trim() || null;
  } catch {
    // Most people never logged in; a file that can't be read is the same as none.
    return null;
  }
}

const isYes = (value: string | undefined): boolean => /^(1|on|yes|true)$/i.test(value ?? "");
