#!/usr/bin/env node
// Plain JavaScript on purpose: it must run on an old Node to say that the Node is too old.
const [major] = process.versions.node.split(".");
if (Number(major) < 24) {
  process.stderr.write(
    `assay needs Node 24 or newer; this is ${process.version}.\n` +
      "Inside the repository, `npm ci` brings one: call it as `npx assay …`. Elsewhere, install Node 24.\n",
  );
  process.exit(2);
}
// A reader that has seen enough (`| head`, a terminal that was closed) is no fault; data that can't be written is one, and no
// failed gate, which exit code 1 would say.
process.stdout.on("error", (error) => {
  if (error.code === "EPIPE" || error.code === "EIO") process.exit(0);
  stop(`What was asked for can't be written to stdout: ${error.message}`);
});
// Talk that nobody listens to is no reason to stop.
process.stderr.on("error", () => {});
// Node's own exit code for what nobody caught is that of a failed gate.
process.on("uncaughtException", (error) =>
  stop(`This is a fault of Assay itself. Please report it with the lines below.\n${error?.stack ?? error}`),
);
try {
  process.cwd();
} catch {
  stop("The working directory is gone. Change to one that exists.");
}
await keepCompiled();
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));

/** Types are stripped and code compiled once, not at every start. Where nothing can be kept, that costs time only. */
async function keepCompiled() {
  const [{ existsSync, mkdirSync }, { enableCompileCache }, { homedir }, { join }] = await Promise.all(
    ["fs", "module", "os", "path"].map((name) => import(`node:${name}`)),
  );
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const compiled = join(caches, "assay", "compiled");
  // One by one: Node would never come back from making them all below /proc.
  for (const folder of [caches, join(caches, "assay"), compiled]) {
    try {
      mkdirSync(folder);
    } catch {
      // It is there already, or can't be made.
    }
  }
  if (existsSync(compiled)) enableCompileCache(compiled);
}

function stop(what) {
  process.stderr.write(`✗ ${what}\n`);
  process.exit(2);
}
