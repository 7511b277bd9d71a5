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
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
