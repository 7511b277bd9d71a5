import { discoverEngine, type Engine } from "./engine/discover.ts";
import { DEFAULT_IMAGE, findImage, type ImageIdentity, toolchainImage } from "./engine/images.ts";
import { countContainers, pruneContainers } from "./engine/prune.ts";
import { engineWarnings } from "./engine/warnings.ts";
import { TOOLCHAIN_LANGUAGES, type ToolchainLanguage } from "./grade/languages.ts";
import { SandboxUnavailable } from "./sandbox-unavailable.ts";

/** What `assay doctor` and `assay sandbox status` show. */
export interface SandboxStatus {
  /** Whether code tasks can be judged as things are. */
  usable: boolean;
  engine: Omit<Engine, "docker"> | null;
  image: ImageIdentity | null;
  /** Languages whose programs can be built and run by tools of their own. */
  languages: ToolchainLanguage[];
  /** Containers of ours that exist: running ones may belong to other harnesses on this machine. */
  containers: { running: number; stopped: number };
  /** What is not as it should be, each with its remedy; does not stop anything. */
  warnings: string[];
  /** What stops code tasks, each with its remedy. */
  problems: string[];
}

/** Looks, changes nothing, never rejects: everything wrong is in `problems`. */
export async function sandboxStatus(
  options: { image?: string; environment?: NodeJS.ProcessEnv } = {},
): Promise<SandboxStatus> {
  const status: SandboxStatus = {
    usable: false,
    engine: null,
    image: null,
    languages: [],
    containers: { running: 0, stopped: 0 },
    warnings: [],
    problems: [],
  };
  try {
    const { docker, ...engine } = await discoverEngine(options.environment);
    status.engine = engine;
    status.containers = await countContainers({ docker, ...engine });
    status.warnings = await engineWarnings({ docker, ...engine });
    status.image = await findImage({ docker, ...engine }, options.image ?? DEFAULT_IMAGE);
    status.usable = true;
    const found = TOOLCHAIN_LANGUAGES.map((language) => findImage({ docker, ...engine }, toolchainImage(language)));
    const settled = await Promise.allSettled(found);
    status.languages = TOOLCHAIN_LANGUAGES.filter((_, index) => settled[index]?.status === "fulfilled");
  } catch (error) {
    const { message } = error as Error;
    status.problems.push(error instanceof SandboxUnavailable ? message : `The engine answered oddly: ${message}`);
  }
  return status;
}

/**
 * Removes what harnesses of this machine that are gone left behind.
 *
 * @returns how many containers were removed.
 * @throws {@link SandboxUnavailable} without an engine.
 */
export async function pruneSandbox(environment?: NodeJS.ProcessEnv): Promise<number> {
  return pruneContainers(await discoverEngine(environment));
}
