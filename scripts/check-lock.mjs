// Every dependency that the lock file names must have an entry of its own, on every platform: `npm install` drops missing
// optional entries silently, and then `npm ci` fails on somebody else's machine.
import { readFileSync } from "node:fs";

const { packages } = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));

/** Where Node would find a package named by the one at `path`: its own node_modules, then every folder above. */
function isLocked(path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    if (packages[`${at ? `${at}/` : ""}node_modules/${name}`]) return true;
    if (at === "") return false;
    if (!at.includes("/node_modules/")) at = "";
    if (at === "" && packages[`node_modules/${name}`]) return true;
  }
}

const missing = [];
const floating = [];
for (const [path, entry] of Object.entries(packages)) {
  const isOurs = !path.includes("node_modules/");
  for (const kind of ["dependencies", "optionalDependencies", ...(isOurs ? ["devDependencies"] : [])]) {
    for (const [name, range] of Object.entries(entry[kind] ?? {})) {
      if (!isLocked(path, name)) missing.push(`${name}@${range}, named by ${path || "the root"}`);
      if (isOurs && /^[\^~*><]/.test(range)) floating.push(`${name}@${range} in ${path || "the root"}`);
    }
  }
}
for (const entry of missing) console.error(`not in the lock file: ${entry}`);
for (const entry of floating) console.error(`not pinned exactly: ${entry}`);
if (missing.length + floating.length > 0) process.exit(1);
console.log(`lock file complete: ${Object.keys(packages).length} entries`);
