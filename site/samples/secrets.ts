import { sha256 } from "@assay/harness/record";

/** Shapes of credentials that providers hand out. Long and prefixed, so that prose and code rarely look like one. */
const shapes = [
  "sk-(?:ant-|proj-)?[A-Za-z0-9_-]{24,}",
  "hf_[A-Za-z0-9]{30,}",
  "gh[pousr]_[A-Za-z0-9]{36,}",
  "AKIA[0-9A-Z]{16}",
  "AIza[0-9A-Za-z_-]{35}",
  "xox[abprs]-[0-9A-Za-z-]{20,}",
  "-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----",
];
const anySecret = new RegExp(`(?<![A-Za-z0-9])(?:${shapes.join("|")})`, "g");

/** First 12 hex digits of the SHA-256 of everything in a text that looks like a credential: enough to name it, never to use it. */
export function secretsIn(text: string): string[] {
  return [...new Set(text.match(anySecret)?.map((secret) => sha256(secret).slice(0, 12)) ?? [])];
}
