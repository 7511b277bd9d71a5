import { existsSync } from "node:fs";
import Docker from "dockerode";
import { type EngineAttempt, SandboxUnavailable } from "../sandbox-unavailable.ts";

/** A container engine that answered, and what it said of itself. */
export interface Engine {
  docker: Docker;
  /** Socket path or URL it was reached at. */
  where: string;
  dialect: "docker" | "podman";
  version: string;
  apiVersion: string;
  /** As the engine calls it: `amd64`, `arm64`. */
  architecture: string;
  kernel: string;
  cgroupVersion: "1" | "2";
  cgroupDriver: string;
  storageDriver: string;
  runtimes: string[];
  defaultRuntime: string;
  rootless: boolean;
  memoryBytes: number;
  cpus: number;
}

/** Fields of `/version` and `/info` that are read; engines leave some of them out. */
interface EngineVersion {
  Version?: string;
  ApiVersion?: string;
  Arch?: string;
  Components?: { Name: string }[];
}
interface EngineInfo {
  KernelVersion?: string;
  CgroupVersion?: string;
  CgroupDriver?: string;
  Driver?: string;
  Runtimes?: Record<string, unknown>;
  DefaultRuntime?: string;
  SecurityOptions?: string[];
  MemTotal?: number;
  NCPU?: number;
}

const PROBE_MILLISECONDS = 15_000;
const REMEDY =
  "Code tasks need a container engine. Start Docker (`dockerd`, or the Docker service) or Podman's API service, or point DOCKER_HOST at one, " +
  "then run `assay doctor`. Programs are never run on the host; answers already generated are kept and can be graded later.";

function problemOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === "EACCES")
    return "permission denied on the socket: add yourself to the group that owns it (usually `docker`)";
  if (code === "ENOENT") return "no such socket";
  if (code === "ECONNREFUSED") return "the socket exists but nobody answers: the engine is not running";
  return message ?? String(error);
}

/** Without `timeout` a client waits for ever, as the streams of boxes must. */
function clientFor(where: string, timeout?: number): Docker {
  const patience = timeout === undefined ? {} : { timeout };
  if (where.startsWith("/")) return new Docker({ socketPath: where, ...patience });
  const url = new URL(where);
  if (url.protocol === "unix:" || url.protocol === "npipe:")
    return new Docker({ socketPath: url.pathname, ...patience });
  const protocol = url.protocol === "https:" ? "https" : "http";
  return new Docker({ host: url.hostname, port: Number(url.port || 2375), protocol, ...patience });
}

function candidates(environment: NodeJS.ProcessEnv): string[] {
  const explicit = environment.DOCKER_HOST;
  if (explicit !== undefined && explicit !== "") return [explicit];
  const runtimeDirectory = environment.XDG_RUNTIME_DIR;
  const own = runtimeDirectory ? [`${runtimeDirectory}/docker.sock`, `${runtimeDirectory}/podman/podman.sock`] : [];
  return ["/var/run/docker.sock", ...own, "/run/podman/podman.sock"];
}

async function probe(where: string): Promise<Engine> {
  if (where.startsWith("/") && !existsSync(where)) throw Object.assign(new Error("no such socket"), { code: "ENOENT" });
  const docker = clientFor(where, PROBE_MILLISECONDS);
  const version = (await docker.version()) as EngineVersion;
  const info = (await docker.info()) as EngineInfo;
  const podman = version.Components?.some(({ Name }) => Name === "Podman Engine") ?? false;
  return {
    docker: clientFor(where),
    where,
    dialect: podman ? "podman" : "docker",
    version: version.Version ?? "unknown",
    apiVersion: version.ApiVersion ?? "unknown",
    architecture: version.Arch ?? "unknown",
    kernel: info.KernelVersion ?? "unknown",
    cgroupVersion: info.CgroupVersion === "2" ? "2" : "1",
    cgroupDriver: info.CgroupDriver ?? "unknown",
    storageDriver: info.Driver ?? "unknown",
    runtimes: Object.keys(info.Runtimes ?? {}),
    defaultRuntime: info.DefaultRuntime ?? "unknown",
    rootless: info.SecurityOptions?.some((option) => option.includes("rootless")) ?? false,
    memoryBytes: info.MemTotal ?? 0,
    cpus: info.NCPU ?? 1,
  };
}

/**
 * Finds a container engine: `DOCKER_HOST` if set (and then nothing else), the usual Docker and Podman sockets otherwise.
 *
 * @throws {@link SandboxUnavailable} with everything that was tried.
 */
export async function discoverEngine(environment: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const tried: EngineAttempt[] = [];
  for (const where of candidates(environment)) {
    try {
      return await probe(where);
    } catch (error) {
      tried.push({ where, problem: problemOf(error) });
    }
  }
  throw new SandboxUnavailable({ reason: "No container engine answers", remedy: REMEDY, tried });
}
