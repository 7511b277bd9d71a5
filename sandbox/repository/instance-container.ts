import { hostname } from "node:os";
import type { Duplex } from "node:stream";
import type { Container, ContainerCreateOptions } from "dockerode";
import { MACHINE_LABEL, POOL_LABEL, PROCESS_LABEL } from "../engine/container-spec.ts";
import type { Engine } from "../engine/discover.ts";
import { demultiplex } from "./demultiplex.ts";
import type { RepositoryInstance } from "./repository-job.ts";
import { type ArchiveFile, tarArchive } from "./tar-archive.ts";

const gibibyte = 2 ** 30;

/** What a command in a container came to. */
export interface CommandResult {
  /** Null: it was ended for taking too long. */
  exitCode: number | null;
  /** Stdout and stderr as they came, the first and the last of it where it was too much. */
  output: string;
  bytes: number;
  truncated: boolean;
  seconds: number;
}

/** Bytes of a command's output that are kept unless told otherwise. */
const mostOutput = 16 * 2 ** 20;
/** `timeout` sends SIGKILL and gives this exit code. */
const killed = 137;
/** Seconds that the engine may take longer than `timeout` before a command is given up. */
const grace = 15;

/**
 * A running container of a repository image: no network, few capabilities, limited memory and processes. Commands run as
 * root, as the published images expect. It ends with this process: its first process waits for the end of our stream.
 */
export class InstanceContainer {
  readonly #container: Container;
  readonly #stream: Duplex;
  readonly #instance: RepositoryInstance;

  private constructor(container: Container, stream: Duplex, instance: RepositoryInstance) {
    this.#container = container;
    this.#stream = stream;
    this.#instance = instance;
  }

  static async start(engine: Engine, imageId: string, instance: RepositoryInstance): Promise<InstanceContainer> {
    const container = await engine.docker.createContainer(specOf(imageId, instance.folder));
    try {
      const stream = await container.attach({ stream: true, stdin: true, hijack: true });
      stream.on("error", () => undefined);
      await container.start();
      return new InstanceContainer(container, stream as Duplex, instance);
    } catch (error) {
      await container.remove({ force: true }).catch(() => undefined);
      throw error;
    }
  }

  /** Puts files into /tmp. */
  async put(files: readonly ArchiveFile[]): Promise<void> {
    await this.#container.putArchive(tarArchive(files), { path: "/tmp" });
  }

  /** Runs a shell command in the repository's folder, its environment made ready. */
  async run(command: string, limits: { seconds: number; outputBytes?: number }): Promise<CommandResult> {
    const script = `${this.#instance.prepare}\n${command}`;
    const started = performance.now();
    const exec = await this.#container.exec({
      Cmd: ["timeout", "--signal=KILL", String(Math.ceil(limits.seconds)), "bash", "-c", script],
      AttachStdout: true,
      AttachStderr: true,
      WorkingDir: this.#instance.folder,
    });
    const stream = await exec.start({ hijack: true, stdin: false });
    let isGivenUp = false;
    const watchdog = setTimeout(
      () => {
        isGivenUp = true;
        stream.destroy();
      },
      (limits.seconds + grace) * 1000,
    );
    try {
      const output = await demultiplex(stream, limits.outputBytes ?? mostOutput);
      const { ExitCode } = await exec.inspect();
      const seconds = (performance.now() - started) / 1000;
      return { ...output, exitCode: ExitCode === killed && seconds >= limits.seconds ? null : ExitCode, seconds };
    } catch (error) {
      // A program can stop whoever would end it, or leave its output open. Where the engine answers and the container runs,
      // that is the program's doing.
      if (!isGivenUp || !(await this.#isRunning())) throw error;
      return { output: "", bytes: 0, truncated: false, exitCode: null, seconds: (performance.now() - started) / 1000 };
    } finally {
      clearTimeout(watchdog);
    }
  }

  async #isRunning(): Promise<boolean> {
    const { State } = await this.#container.inspect();
    return State.Running && !State.Paused;
  }

  async remove(): Promise<void> {
    this.#stream.destroy();
    await this.#container.remove({ force: true }).catch(() => undefined);
  }
}

const limit = (Name: string, value: number) => ({ Name, Soft: value, Hard: value });

/** Hardened as far as test suites stand it: they write everywhere, start servers on loopback, and want shared memory. */
function specOf(imageId: string, folder: string): ContainerCreateOptions {
  return {
    Image: imageId,
    User: "0:0",
    WorkingDir: folder,
    Hostname: "sandbox",
    NetworkDisabled: true,
    Entrypoint: [],
    Cmd: ["cat"],
    Env: [
      "LANG=C.UTF-8",
      "PAGER=cat",
      "GIT_PAGER=cat",
      "GIT_CONFIG_COUNT=1",
      "GIT_CONFIG_KEY_0=safe.directory",
      "GIT_CONFIG_VALUE_0=*",
    ],
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    Labels: {
      [POOL_LABEL]: "repository",
      [PROCESS_LABEL]: String(process.pid),
      [MACHINE_LABEL]: hostname(),
    },
    HostConfig: {
      NetworkMode: "none",
      Privileged: false,
      AutoRemove: false,
      Init: true,
      CapDrop: ["ALL"],
      CapAdd: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETUID", "SETGID", "KILL"],
      SecurityOpt: ["no-new-privileges"],
      Memory: 4 * gibibyte,
      MemorySwap: 4 * gibibyte,
      OomScoreAdj: 500,
      PidsLimit: 1024,
      NanoCpus: 2e9,
      IpcMode: "private",
      ShmSize: 64 * 2 ** 20,
      Ulimits: [limit("core", 0), limit("fsize", 4 * gibibyte)],
      LogConfig: { Type: "none", Config: {} },
      RestartPolicy: { Name: "" },
    },
  };
}
