import { hostname } from "node:os";
import type { ContainerCreateOptions } from "dockerode";
import { boxSources } from "./box-sources.ts";
import type { Engine } from "./discover.ts";
import { seccompProfile } from "./seccomp-profile.ts";

/** Label of every container of ours; its value is the id of the pool. */
export const POOL_LABEL = "assay.sandbox.pool";
/** Process id of the harness that started the container. */
export const PROCESS_LABEL = "assay.sandbox.process";
/** Machine the harness ran on: process ids of other machines say nothing here. */
export const MACHINE_LABEL = "assay.sandbox.machine";

/** User ids inside a box. Candidates get one of their own per box, because RLIMIT_NPROC counts across containers. */
const FIRST_CANDIDATE = 20_001;
const CANDIDATE_SLOTS = 9_000;
const FIRST_ISOLATE = 30_002;
const USERS = { grader_uid: 10_001, cleaner_uid: 30_001 };

const MEBIBYTE = 2 ** 20;

/** All that may differ between two boxes. Nothing here can weaken one. */
export interface BoxSettings {
  /** Image id (`sha256:…`), never a tag. */
  imageId: string;
  poolId: string;
  /** Decides the user ids of candidate and isolates; boxes of one pool differ in it. */
  slot: number;
  memoryMiB: number;
  /** `runsc`, `kata`; undefined for the engine's default. */
  runtime?: string | undefined;
  /** Podman only: the system-call profile as a file on the engine's host. */
  profilePath?: string | undefined;
}

/** The engine knows this field, the typings do not. */
type HostConfig = NonNullable<ContainerCreateOptions["HostConfig"]> & { CgroupnsMode: "private" };

function hostConfig(engine: Engine, settings: BoxSettings): HostConfig {
  const podman = engine.dialect === "podman";
  const profile =
    podman && settings.profilePath ? settings.profilePath : JSON.stringify(seccompProfile(engine.architecture));
  const limit = (Name: string, value: number) => ({ Name, Soft: value, Hard: value });
  return {
    NetworkMode: "none",
    ReadonlyRootfs: true,
    Privileged: false,
    AutoRemove: false,
    CapDrop: ["ALL"],
    CapAdd: ["SETUID", "SETGID", "KILL"],
    SecurityOpt: ["no-new-privileges", `seccomp=${profile}`],
    Memory: settings.memoryMiB * MEBIBYTE,
    MemorySwap: settings.memoryMiB * MEBIBYTE,
    ...(engine.cgroupVersion === "1" && !podman ? { MemorySwappiness: 0 } : {}),
    OomScoreAdj: 500,
    PidsLimit: settings.runtime === "runsc" ? 1024 : 64,
    NanoCpus: 1e9,
    IpcMode: "none",
    CgroupnsMode: "private",
    Tmpfs: {
      "/tmp": `rw,noexec,nosuid,nodev,size=32m,mode=1777${podman ? "" : ",nr_inodes=2048"}`,
      // Engines mount a message-queue file system there in which a program could leave names for the next one.
      "/dev/mqueue": "ro,noexec,nosuid,nodev,size=4k,mode=0555",
    },
    Ulimits: [limit("core", 0), limit("nofile", 256), limit("memlock", 0), ...(podman ? [limit("nproc", 1024)] : [])],
    LogConfig: { Type: "none", Config: {} },
    Init: false,
    RestartPolicy: { Name: "" },
    ...(settings.runtime === undefined ? {} : { Runtime: settings.runtime }),
  };
}

/**
 * The body of the engine's create call for one box. Every hardening is written here and only here: no task, no option
 * and no environment variable reaches it.
 */
export function containerSpec(engine: Engine, settings: BoxSettings): ContainerCreateOptions {
  const sources = boxSources();
  const config = {
    ...USERS,
    candidate_uid: FIRST_CANDIDATE + (settings.slot % CANDIDATE_SLOTS),
    isolate_uid: FIRST_ISOLATE + (settings.slot % CANDIDATE_SLOTS),
    packages: ["/usr/lib/python3/dist-packages", "/opt/assay/packages"],
    isolate_worker: sources.isolateWorker,
  };
  return {
    Image: settings.imageId,
    User: "0:0",
    WorkingDir: "/",
    Hostname: "sandbox",
    NetworkDisabled: true,
    Entrypoint: [],
    // Not -I: it would ignore PYTHONHASHSEED, and the environment is ours alone anyway.
    Cmd: ["python3", "-P", "-s", "-S", "-B", "-c", sources.loader, JSON.stringify(config), ...sources.modules],
    Env: [
      "PATH=/usr/local/bin:/usr/bin:/bin",
      "HOME=/tmp",
      "TMPDIR=/tmp",
      "LANG=C.UTF-8",
      "TZ=UTC",
      "PYTHONHASHSEED=0",
      "OPENBLAS_NUM_THREADS=1",
    ],
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    // PID 1 handles no signal: an engine that shuts down need not wait for it.
    StopSignal: "SIGKILL",
    Labels: {
      [POOL_LABEL]: settings.poolId,
      [PROCESS_LABEL]: String(process.pid),
      [MACHINE_LABEL]: hostname(),
    },
    HostConfig: hostConfig(engine, settings),
  };
}
