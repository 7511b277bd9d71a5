import { openSandbox } from "../index.ts";

/** A harness that grades an endless program, for tests that kill it: prints the number of its process when it is at it. */
const sandbox = await openSandbox({ boxes: 1, selfTest: false });
process.stdout.write(`${process.pid}\n`);
await sandbox.grade({
  language: "python",
  code: "import os\nif os.fork() == 0:\n    os.setsid()\nwhile True:\n    pass\n",
  tests: { kind: "exec" },
  limits: { cpuSeconds: 60, wallSeconds: 120 },
});
