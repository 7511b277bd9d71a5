import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { discoverEngine } from "../engine/discover.ts";

const DOCKERD = "/usr/sbin/dockerd";
const START_SECONDS = 60;

/** Why no engine of one's own can be started here; undefined when it can. */
export const ownEngineProblem =
  process.getuid?.() !== 0 ? "needs root" : existsSync(DOCKERD) ? undefined : `there is no ${DOCKERD}`;

/** A second dockerd beside the machine's, for tests that stop it. */
export class OwnEngine {
  readonly folder = mkdtempSync(join(tmpdir(), "assay-dockerd-"));
  readonly environment: NodeJS.ProcessEnv = { DOCKER_HOST: `unix://${this.folder}/docker.sock` };
  #daemon: ChildProcess | undefined;

  /** Starts the daemon, and waits until it answers. */
  async start(): Promise<void> {
    const { folder } = this;
    const log = openSync(join(folder, "log"), "a");
    const options = [
      `--data-root=${folder}/data`,
      `--exec-root=${folder}/exec`,
      `--host=unix://${folder}/docker.sock`,
      `--pidfile=${folder}/pid`,
      "--bridge=none",
      "--iptables=false",
      "--ip-forward=false",
      "--shutdown-timeout=1",
    ];
    this.#daemon = spawn(DOCKERD, options, { stdio: ["ignore", log, log] });
    for (let waited = 0; waited < START_SECONDS * 4; waited++) {
      const answered = await discoverEngine(this.environment).catch(() => undefined);
      if (answered !== undefined) return;
      await delay(250);
    }
    throw new Error(`dockerd did not answer in ${START_SECONDS} s, see ${folder}/log`);
  }

  /** Copies an image from the machine's engine. */
  load(image: string): void {
    const host = this.environment.DOCKER_HOST;
    execFileSync("sh", ["-c", `docker save ${image} | docker --host ${host} load`], { stdio: "ignore" });
  }

  /** Ends the daemon, as a service manager does. */
  async stop(): Promise<void> {
    const daemon = this.#daemon;
    if (daemon === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    daemon.once("exit", () => resolve());
    daemon.kill("SIGTERM");
    await promise;
  }

  async remove(): Promise<void> {
    await this.stop();
    // The daemon's mounts go a moment after it.
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}
