import type { SiteFiles } from "../data/site-files.ts";
import { secretsIn } from "../samples/secrets.ts";
import { fault, type Problem } from "./problem.ts";

/** Rules for what people wrote beside the records: claims, boards, models and the rest become part of the site too. */
export function checkFiles(files: SiteFiles): Problem[] {
  const allowed = new Set(files.site.allowSecrets);
  return Object.entries(files).flatMap(([name, content]) =>
    secretsIn(JSON.stringify(content) ?? "")
      .filter((secret) => !allowed.has(secret))
      .map((secret) => fault("SECRET", null, `${name} holds what looks like a credential (sha256:${secret}…)`)),
  );
}
