import { cpus } from "node:os";
import type { BoxReady } from "../box/facts.ts";
import { boxSources } from "./box-sources.ts";
import { contentHash } from "./content-hash.ts";
import type { Engine } from "./discover.ts";
import type { ImageIdentity } from "./images.ts";
import { seccompProfile } from "./seccomp-profile.ts";

/** Everything about a sandbox that may decide a verdict, for the run record. */
export interface SandboxIdentity {
  image: ImageIdentity;
  /** Images of languages with tools of their own. */
  toolchains: ImageIdentity[];
  engine: { name: "docker" | "podman"; version: string; apiVersion: string; rootless: boolean };
  runtime: string;
  kernel: string;
  /** Kernel as programs see it: gVisor shows one of its own. */
  boxKernel: string;
  architecture: string;
  cgroup: { version: "1" | "2"; driver: string };
  storageDriver: string;
  /** SHA-256 of the system-call profile's canonical JSON. */
  seccompHash: string;
  /** Whether the second filter is loaded in candidates (x86-64 and arm64 only). */
  innerFilter: boolean;
  /** SHA-256 of the fork server, grader and isolate worker. */
  boxSourcesHash: string;
  python: string;
  boxes: number;
  memoryMiB: number;
  cpuModel: string;
  hashSeed: 0;
}

/** Assembles a {@link SandboxIdentity} from what engine, image and a running box say. */
export function describeIdentity(parts: {
  engine: Engine;
  image: ImageIdentity;
  toolchains: ImageIdentity[];
  ready: BoxReady;
  boxes: number;
  memoryMiB: number;
  runtime?: string | undefined;
}): SandboxIdentity {
  const { engine, image, toolchains, ready, boxes, memoryMiB, runtime } = parts;
  const profile = JSON.stringify(seccompProfile(engine.architecture));
  return {
    image,
    toolchains,
    engine: { name: engine.dialect, version: engine.version, apiVersion: engine.apiVersion, rootless: engine.rootless },
    runtime: runtime ?? engine.defaultRuntime,
    kernel: engine.kernel,
    boxKernel: ready.kernel,
    architecture: engine.architecture,
    cgroup: { version: engine.cgroupVersion, driver: engine.cgroupDriver },
    storageDriver: engine.storageDriver,
    seccompHash: contentHash(profile),
    innerFilter: ready.innerFilter,
    boxSourcesHash: boxSources().hash,
    python: ready.python,
    boxes,
    memoryMiB,
    cpuModel: cpus()[0]?.model ?? "unknown",
    hashSeed: 0,
  };
}
