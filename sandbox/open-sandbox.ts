import { availableParallelism, freemem } from "node:os";
import { discoverEngine, type Engine } from "./engine/discover.ts";
import { describeIdentity, type SandboxIdentity } from "./engine/identity.ts";
import { DEFAULT_IMAGE, findImage, findToolchains, toolchainImage } from "./engine/images.ts";
import { profileFile } from "./engine/profile-file.ts";
import { pruneContainers } from "./engine/prune.ts";
import { checkJob } from "./grade/to-request.ts";
import type { Job, Language } from "./job.ts";
import { gradeInPool } from "./pool/grade-in-pool.ts";
import { Pools } from "./pool/pools.ts";
import { selfTest } from "./pool/self-test.ts";
import { SandboxUnavailable } from "./sandbox-unavailable.ts";
import type { Verdict } from "./verdict.ts";

const BOX_OVERHEAD_MIB = 64;

/** What may be chosen about a sandbox; hardening may not. */
export interface SandboxOptions {
  /** @default "assay-sandbox:latest" */
  image?: string;
  /** Boxes at a time. @default one per core, as far as memory goes */
  boxes?: number;
  /** Memory of one box, MiB, without swap. @default 512 */
  memoryMiB?: number;
  /** Container runtime (`runsc`, `kata`); must be installed in the engine. @default the engine's */
  runtime?: string;
  /** Languages whose tools must be there from the start; those of other jobs are looked for when they come. */
  languages?: readonly Language[];
  /** Run programs of known verdict first. @default true */
  selfTest?: boolean;
  /** Where to look for DOCKER_HOST and XDG_RUNTIME_DIR. @default process.env */
  environment?: NodeJS.ProcessEnv;
}

/** A pool of warm boxes. */
export interface Sandbox {
  /** What the run record must say about this sandbox. */
  readonly identity: SandboxIdentity;
  /**
   * Judges one program; calls queue up when all boxes are busy. Rejects only for a job that makes no sense
   * (UnsupportedJob) and for a language whose image is missing ({@link SandboxUnavailable}).
   */
  grade(job: Job): Promise<Verdict>;
  /** Boxes started and boxes given up so far. */
  statistics(): { started: number; lost: number };
  /** Removes every box. Programs still running get `sandbox_error`. */
  close(): Promise<void>;
}

/** A box of a toolchain image holds a compiler at work. */
const TOOLCHAIN_MIB = 1024;

function checkRuntime(engine: Engine, runtime: string | undefined): void {
  if (runtime === undefined || engine.runtimes.includes(runtime)) return;
  throw new SandboxUnavailable({
    reason: `The engine has no runtime "${runtime}" (it has: ${engine.runtimes.join(", ")})`,
    remedy: "Install it and register it with the engine, or leave the runtime to the engine's default.",
  });
}

function defaultBoxes(memoryMiB: number): number {
  const byMemory = Math.floor(freemem() / 2 ** 20 / (memoryMiB + BOX_OVERHEAD_MIB));
  return Math.max(1, Math.min(availableParallelism(), byMemory));
}

/**
 * Opens a sandbox: finds an engine and the image, removes what a killed harness left, starts a box, tests it.
 *
 * @example
 * const sandbox = await openSandbox();
 * const verdict = await sandbox.grade({
 *   language: "python",
 *   code: "def add(a, b):\n    return a + b\n",
 *   tests: { kind: "asserts", asserts: ["assert add(2, 3) == 5"] },
 * });
 * await sandbox.close();
 *
 * @throws {@link SandboxUnavailable} when code cannot be judged here; there is no fall-back.
 */
export async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { runtime, memoryMiB = 512 } = options;
  const engine = await discoverEngine(options.environment);
  checkRuntime(engine, runtime);
  const image = await findImage(engine, options.image ?? DEFAULT_IMAGE);
  const toolchains = await findToolchains(engine, options.languages ?? []);
  // What is left of others is in nobody's way: the first box starts meanwhile.
  pruneContainers(engine).catch(() => 0);
  const size = options.boxes ?? defaultBoxes(memoryMiB);
  const profilePath = await profileFile(engine);
  const common = { engine, size, runtime, profilePath };
  const pools = new Pools({ ...common, imageId: image.id, memoryMiB }, async (language) => {
    const { id } = await findImage(engine, toolchainImage(language));
    return { ...common, imageId: id, memoryMiB: Math.max(memoryMiB, TOOLCHAIN_MIB) };
  });
  const grade = async (job: Job) => {
    checkJob(job);
    return gradeInPool(await pools.for(job.language), job);
  };
  try {
    const ready = await pools.base.use(async (box) => ({ result: box.ready, keep: true }));
    if (options.selfTest !== false) await selfTest(grade, options.languages);
    return {
      identity: describeIdentity({ engine, image, toolchains, ready, boxes: size, memoryMiB, runtime }),
      grade,
      statistics: () => pools.statistics(),
      close: () => pools.close(),
    };
  } catch (error) {
    await pools.close();
    if (error instanceof SandboxUnavailable) throw error;
    throw new SandboxUnavailable({
      reason: `A box of the image ${image.name} does not start: ${(error as Error).message}`,
      remedy: "Check the engine with `docker info`, and rebuild the image with `assay sandbox build`.",
      cause: error,
    });
  }
}
