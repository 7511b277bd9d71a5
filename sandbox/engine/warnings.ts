import type { Engine } from "./discover.ts";

/** Versions of runc from which the known container escapes are fixed. */
const FIXED: readonly [number, number, number][] = [
  [1, 2, 8],
  [1, 3, 3],
  [1, 4, 0],
];

function olderThanFixes(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+~-]/).map(Number);
  const line = FIXED.find(([a, b]) => a === major && b === minor);
  if (line !== undefined) return patch < line[2];
  return major < 1 || (major === 1 && minor < 2);
}

/** What an administrator should know about an engine before running programs of unknown models on it. */
export async function engineWarnings(engine: Engine): Promise<string[]> {
  const warnings: string[] = [];
  const { Components = [] } = (await engine.docker.version()) as { Components?: { Name: string; Version: string }[] };
  const runc = Components.find(({ Name }) => Name === "runc")?.Version;
  if (runc !== undefined && olderThanFixes(runc)) {
    warnings.push(
      `runc ${runc} is older than the releases that fix CVE-2024-21626 and CVE-2025-31133 (1.2.8, 1.3.3): check that your distribution patched it, or update.`,
    );
  }
  if (!engine.rootless && !engine.runtimes.includes("runsc")) {
    warnings.push(
      "The engine runs as root with runc: the kernel is the boundary. For models you do not trust at all, install gVisor (`--sandbox-runtime runsc`) or use a machine of its own.",
    );
  }
  if (engine.rootless && engine.cgroupVersion === "1") {
    warnings.push(
      "A rootless engine with cgroup v1 cannot enforce limits: the self-test will refuse it. Switch to cgroup v2.",
    );
  }
  return warnings;
}
