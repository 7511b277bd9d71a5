import { availableParallelism, freemem } from "node:os";
import { discoverEngine, type Engine } from "./engine/discover.ts";
import { describeIdentity, type SandboxIdentity } from "./engine/identity.ts";
import { DEFAULT_IMAGE, findImage } from "./engine/images.ts";
import { pruneContainers } from "./engine/prune.ts";
import type { Job } from "./job.ts";
import { gradeInPool } from "./pool/grade-in-pool.ts";
import { BoxPool } from "./pool/pool.ts";
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
  /** Podman only: the system-call profile as a file on the engine's host. */
  profilePath?: string;
  /** Run programs of known verdict first. @default true */
  selfTest?: boolean;
  /** Where to look for DOCKER_HOST and XDG_RUNTIME_DIR. @default process.env */
  environment?: NodeJS.ProcessEnv;
}

/** A pool of warm boxes. */
export interface Sandbox {
  /** What the run record must say about this sandbox. */
  readonly identity: SandboxIdentity;
  /** Judges one program; calls queue up when all boxes are busy. Rejects only for a job that makes no sense. */
  grade(job: Job): Promise<Verdict>;
  /** Boxes started and boxes given up so far. */
  statistics(): { started: number; lost: number };
  /** Removes every box. Programs still running get `sandbox_error`. */
  close(): Promise<void>;
}

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
  const { runtime, profilePath, memoryMiB = 512 } = options;
  const engine = await discoverEngine(options.environment);
  checkRuntime(engine, runtime);
  const image = await findImage(engine, options.image ?? DEFAULT_IMAGE);
  await pruneContainers(engine);
  const size = options.boxes ?? defaultBoxes(memoryMiB);
  const pool = new BoxPool({ engine, imageId: image.id, size, memoryMiB, runtime, profilePath });
  const grade = (job: Job) => gradeInPool(pool, job);
  try {
    const ready = await pool.use(async (box) => ({ result: box.ready, keep: true }));
    if (options.selfTest !== false) await selfTest(grade);
    return {
      identity: describeIdentity({ engine, image, ready, boxes: size, memoryMiB, runtime }),
      grade,
      statistics: () => ({ started: pool.started, lost: pool.lost }),
      close: () => pool.close(),
    };
  } catch (error) {
    await pool.close();
    if (error instanceof SandboxUnavailable) throw error;
    throw new SandboxUnavailable({
      reason: `A box of the image ${image.name} does not start: ${(error as Error).message}`,
      remedy: "Check the engine with `docker info`, and rebuild the image with `assay sandbox build`.",
      cause: error,
    });
  }
}
