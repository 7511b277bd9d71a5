import type { InstanceContainer } from "./instance-container.ts";

/** Ways to apply a patch, strictest first; upstream's, and three-way before rejecting. */
const ways = [
  "git apply --verbose",
  "git apply --verbose --3way",
  "git apply --verbose --reject",
  "patch --batch --forward --fuzz=5 -p1 -i",
];
const seconds = 120;

/** How a patch was applied; null where no way worked, and what the last one said. */
export interface Application {
  by: string | null;
  output: string;
}

/**
 * Applies the patch that lies at `path` in the container. The tree is put back between two ways, so that half of an
 * attempt is never left.
 */
export async function applyPatch(container: InstanceContainer, path: string): Promise<Application> {
  let output = "";
  for (const by of ways) {
    const attempt = await container.run(`${by} ${path}`, { seconds, outputBytes: 65_536 });
    output = attempt.output;
    if (attempt.exitCode === 0) return { by, output };
    await container.run("git checkout -q HEAD -- . ; git clean -fdq", { seconds, outputBytes: 4096 });
  }
  return { by: null, output };
}

/** Puts the tests' own files back to the base commit and applies the tests' patch over them. @returns what went wrong */
export async function applyTestPatch(
  container: InstanceContainer,
  tests: { baseCommit: string; files: readonly string[]; path: string },
): Promise<string | null> {
  const quoted = tests.files.map((file) => `'${file.replaceAll("'", "'\\''")}'`).join(" ");
  const base = tests.baseCommit.replaceAll(/[^\w.~^/-]/g, "");
  const reset = `for file in ${quoted}; do git checkout -q ${base} -- "$file" 2>/dev/null || rm -rf -- "$file"; done`;
  const { exitCode, output } = await container.run(`${reset}\ngit apply --verbose ${tests.path}`, {
    seconds,
    outputBytes: 65_536,
  });
  return exitCode === 0 ? null : output;
}
