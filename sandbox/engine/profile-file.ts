import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { contentHash } from "./content-hash.ts";
import type { Engine } from "./discover.ts";
import { seccompProfile } from "./seccomp-profile.ts";

/**
 * Podman takes a system-call profile only as a file on its own host: written for it here, which is that host whenever its
 * socket is a local one.
 *
 * @returns undefined for engines that take the profile itself.
 */
export async function profileFile(engine: Engine): Promise<string | undefined> {
  if (engine.dialect !== "podman") return undefined;
  const profile = JSON.stringify(seccompProfile(engine.architecture));
  const folder = join(tmpdir(), `assay-${userInfo().uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `seccomp-${contentHash(profile).slice(0, 16)}.json`);
  await writeFile(path, profile, { mode: 0o600 });
  return path;
}
