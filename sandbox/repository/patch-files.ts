/** Files that a unified diff changes, new names and old ones, in order. */
export function patchFiles(patch: string): string[] {
  const files = [...patch.matchAll(/^(?:diff --git a\/(.+?) b\/(.+)|--- a\/(\S.*?)|\+\+\+ b\/(\S.*?))\s*$/gm)];
  return [...new Set(files.flatMap((match) => match.slice(1)).filter((file) => file !== undefined))];
}

/** Names of files that decide how tests are found and run. */
const decisive = [
  /(^|\/)conftest\.py$/,
  /(^|\/)(site|user)customize\.py$/,
  /\.pth$/,
  /(^|\/)(pytest\.ini|tox\.ini|setup\.cfg|pyproject\.toml|noxfile\.py|\.coveragerc)$/,
  /(^|\/)runtests\.py$/,
  /^bin\/test$/,
];

/** Files of a patch for which the strict rule turns it down: test configuration, runners, and the tests' own files. */
export function strictFiles(patch: string, testPatch: string): string[] {
  const tests = new Set(patchFiles(testPatch));
  return patchFiles(patch).filter((file) => tests.has(file) || decisive.some((pattern) => pattern.test(file)));
}
