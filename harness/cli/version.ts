import { readFileSync } from "node:fs";

/** Version of the package; read without loading anything else, for a quick `--help`. */
export const version = (
  JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }
).version;
