import { openRepositories } from "../index.ts";

/** A harness in the middle of an agent's command, for tests that kill it: prints the number of its process when it is at it. */
const [image = ""] = process.argv.slice(2);
const repositories = await openRepositories({ atOnce: 1 });
const workspace = await repositories.workspace({ image, folder: "/testbed", prepare: "" });
process.stdout.write(`${process.pid}\n`);
await workspace.run("(setsid sleep 300 &); sleep 300", { seconds: 300 });
