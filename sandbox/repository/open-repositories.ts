import { freemem } from "node:os";
import { discoverEngine, type Engine } from "../engine/discover.ts";
import { findImage } from "../engine/images.ts";
import { pruneContainers } from "../engine/prune.ts";
import { SandboxUnavailable } from "../sandbox-unavailable.ts";
import { gradeRepository, repositoryVerdict } from "./grade-repository.ts";
import { type CommandResult, InstanceContainer } from "./instance-container.ts";
import type { RepositoryInstance, RepositoryJob, RepositoryVerdict } from "./repository-job.ts";

const containerGibibytes = 4;

/** A repository that an agent works in: the container is not the one its patch is judged in. */
export interface Workspace {
  run(command: string, limits: { seconds: number; outputBytes?: number }): Promise<CommandResult>;
  /** All changes since the start, new files included, as a unified diff. */
  diff(): Promise<string>;
  close(): Promise<void>;
}

/** Judges patches and lends workspaces, a few containers at a time. */
export interface Repositories {
  /** Engine, for the run record. */
  readonly identity: { engine: string; version: string; architecture: string; kernel: string };
  /** Why an instance can't be worked on here (its image is not on the engine); null: it can. */
  refusal(instance: Pick<RepositoryInstance, "image">): Promise<string | null>;
  grade(job: RepositoryJob): Promise<RepositoryVerdict>;
  /** @throws SandboxUnavailable without the image */
  workspace(instance: RepositoryInstance): Promise<Workspace>;
}

export interface RepositoriesOptions {
  /** Containers at a time. @default as many as half the free memory holds, at least one, at most four */
  atOnce?: number;
  environment?: NodeJS.ProcessEnv;
}

/** Opens repository tasks on the container engine. @throws SandboxUnavailable without an engine; there is no fall-back. */
export async function openRepositories(options: RepositoriesOptions = {}): Promise<Repositories> {
  const engine = await discoverEngine(options.environment);
  await pruneContainers(engine);
  const byMemory = Math.floor(freemem() / 2 ** 30 / containerGibibytes / 2);
  const slots = new Slots(options.atOnce ?? Math.max(1, Math.min(4, byMemory)));
  const { dialect, version, architecture, kernel } = engine;
  return {
    identity: { engine: dialect, version, architecture, kernel },
    refusal: ({ image }) => refusalOf(engine, image),
    grade: async (job) => {
      const refusal = await refusalOf(engine, job.image);
      if (refusal !== null) return repositoryVerdict({ status: "sandbox_error", stage: "image", detail: refusal });
      const { id } = await findImage(engine, job.image);
      return slots.use(() => gradeRepository(engine, id, job));
    },
    workspace: async (instance) => {
      const { id } = await findImage(engine, instance.image);
      const release = await slots.take();
      try {
        return await openWorkspace(await InstanceContainer.start(engine, id, instance), release);
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

async function refusalOf(engine: Engine, image: string): Promise<string | null> {
  try {
    await findImage(engine, image);
    return null;
  } catch (error) {
    if (!(error instanceof SandboxUnavailable)) throw error;
    return `The image ${image} is not on the engine. Fetch it: docker pull ${image}`;
  }
}

/** What later commits know must not be found: only the commit checked out stays, without the names of others. */
const forget = `git checkout -q --detach
git remote | xargs -r -n1 git remote remove
git for-each-ref --format='%(refname)' | xargs -r -n1 git update-ref -d
git reflog expire --expire=now --all
git gc -q --prune=now
git rev-parse HEAD`;

async function openWorkspace(container: InstanceContainer, release: () => void): Promise<Workspace> {
  const close = async () => {
    await container.remove();
    release();
  };
  const { exitCode, output } = await container.run(forget, { seconds: 600, outputBytes: 65_536 });
  const base = output.trim().split("\n").at(-1) ?? "";
  if (exitCode !== 0 || !/^[0-9a-f]{40,64}$/.test(base)) {
    await close();
    throw new Error(`the repository can't be prepared: ${output.trim().slice(-200)}`);
  }
  return {
    run: (command, limits) => container.run(command, limits),
    diff: async () => {
      const made = await container.run(`git add -A && git diff --cached --binary ${base}`, { seconds: 120 });
      return made.exitCode === 0 ? made.output : "";
    },
    close,
  };
}

/** So many at a time; the others wait in line. */
class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return () => {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    };
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    const release = await this.take();
    try {
      return await work();
    } finally {
      release();
    }
  }
}
