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
// A reader that has seen enough (`| head`) is no fault; talk that nobody listens to is no reason to stop.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
process.stderr.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
});
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
