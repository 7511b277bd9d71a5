import { describe, expect, it } from "vitest";
import { Box } from "../box/box.ts";
import { openSandbox } from "../index.ts";
import { engineProblem } from "../testing/engine-for-tests.ts";
import { ALLOWED_CALLS } from "./allowed-calls.ts";
import { containerSpec } from "./container-spec.ts";
import { discoverEngine, type Engine } from "./discover.ts";
import { findImage } from "./images.ts";
import { seccompProfile } from "./seccomp-profile.ts";

const engine = { dialect: "docker", architecture: "amd64", cgroupVersion: "2" } as Engine;
const settings = { imageId: "sha256:0", poolId: "p", slot: 3, memoryMiB: 512 };

describe("the container of a box", () => {
  it("is hardened in full", () => {
    const { HostConfig, ...container } = containerSpec(engine, settings);
    expect(container).toMatchObject({
      Image: "sha256:0",
      User: "0:0",
      NetworkDisabled: true,
      OpenStdin: true,
      StdinOnce: true,
      Tty: false,
      StopSignal: "SIGKILL",
    });
    const { SecurityOpt, ...host } = HostConfig ?? {};
    expect(SecurityOpt?.[0]).toBe("no-new-privileges");
    expect(SecurityOpt?.[1]).toMatch(/^seccomp=\{/);
    expect(host).toEqual({
      NetworkMode: "none",
      ReadonlyRootfs: true,
      Privileged: false,
      AutoRemove: false,
      CapDrop: ["ALL"],
      CapAdd: ["SETUID", "SETGID", "KILL"],
      Memory: 2 ** 29,
      MemorySwap: 2 ** 29,
      OomScoreAdj: 500,
      PidsLimit: 64,
      NanoCpus: 1e9,
      IpcMode: "none",
      CgroupnsMode: "private",
      Tmpfs: {
        "/tmp": "rw,noexec,nosuid,nodev,size=32m,mode=1777,nr_inodes=2048",
        "/dev/mqueue": "ro,noexec,nosuid,nodev,size=4k,mode=0555",
      },
      Ulimits: [
        { Name: "core", Soft: 0, Hard: 0 },
        { Name: "nofile", Soft: 256, Hard: 256 },
        { Name: "memlock", Soft: 0, Hard: 0 },
      ],
      LogConfig: { Type: "none", Config: {} },
      Init: false,
      RestartPolicy: { Name: "" },
    });
  });

  it("takes nothing over from the environment of the harness", () => {
    process.env.ASSAY_TEST_SECRET = "hunter2";
    try {
      expect(JSON.stringify(containerSpec(engine, settings))).not.toContain("hunter2");
    } finally {
      delete process.env.ASSAY_TEST_SECRET;
    }
  });

  it("speaks each engine's dialect", () => {
    expect(containerSpec({ ...engine, cgroupVersion: "1" }, settings).HostConfig?.MemorySwappiness).toBe(0);
    const podman = { ...engine, dialect: "podman" } as const;
    const { HostConfig } = containerSpec(podman, { ...settings, profilePath: "/tmp/profile.json" });
    expect(HostConfig?.SecurityOpt).toEqual(["no-new-privileges", "seccomp=/tmp/profile.json"]);
    expect(HostConfig?.Tmpfs).toMatchObject({ "/tmp": "rw,noexec,nosuid,nodev,size=32m,mode=1777" });
    expect(HostConfig?.Ulimits).toContainEqual({ Name: "nproc", Soft: 1024, Hard: 1024 });
    // gVisor counts its own threads.
    expect(containerSpec(engine, { ...settings, runtime: "runsc" }).HostConfig).toMatchObject({
      Runtime: "runsc",
      PidsLimit: 1024,
    });
  });

  it("filters the calls of its own architecture only, and knows which it does not know", () => {
    expect(seccompProfile("arm64")).toMatchObject({ architectures: ["SCMP_ARCH_AARCH64"] });
    expect(seccompProfile("x86_64")).toEqual(seccompProfile("amd64"));
    expect(() => seccompProfile("riscv64")).toThrow(RangeError);
    for (const call of ["ptrace", "mount", "unshare", "setns", "bpf", "io_uring_setup", "clone", "socket", "keyctl"]) {
      expect(ALLOWED_CALLS).not.toContain(call);
    }
  });
});

const LOOK = `import os
def look():
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    limits = {line[:26].strip(): line[26:47].strip() for line in open("/proc/self/limits")}
    written = []
    for folder, _, _ in os.walk("/"):
        if not folder.startswith("/proc") and os.access(folder, os.W_OK):
            written.append(folder)
    mounts = {line.split()[1]: line.split()[3] for line in open("/proc/mounts")}
    return {
        "capabilities": [status[name].strip() for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")],
        "privileges": status["NoNewPrivs"].strip(), "filter": status["Seccomp"].strip(),
        "root": mounts["/"].split(",")[0], "written": sorted(written), "network": sorted(os.listdir("/sys/class/net")),
        "core": limits["Max core file size"], "files": limits["Max open files"], "processes": limits["Max processes"],
        "environment": sorted(os.environ), "hash": os.environ["PYTHONHASHSEED"], "user": os.getuid() > 20000,
    }
`;

describe.skipIf(engineProblem !== undefined)("a box as a program in it sees it", () => {
  it("has no rights, no network, one writable folder and small limits", async () => {
    const sandbox = await openSandbox({ boxes: 1, selfTest: false });
    try {
      const none = "'0000000000000000'";
      const bounding = "'00000000000000e0'";
      const expected = `{'capabilities': [${none}, ${none}, ${none}, ${bounding}, ${none}], 'privileges': '1', 'filter': '2', 'root': 'ro', 'written': ['/tmp'], 'network': ['lo'], 'core': '0', 'files': '64', 'processes': '32', 'environment': ['HOME', 'HOSTNAME', 'LANG', 'OPENBLAS_NUM_THREADS', 'PATH', 'PYTHONHASHSEED', 'TMPDIR', 'TZ'], 'hash': '0', 'user': True}`;
      const asserts = [`assert look() == ${expected}, look()`];
      const verdict = await sandbox.grade({ language: "python", code: LOOK, tests: { kind: "asserts", asserts } });
      expect({ status: verdict.status, detail: verdict.detail }).toEqual({ status: "passed", detail: "" });
    } finally {
      await sandbox.close();
    }
  });

  it("is what the engine was asked for", async () => {
    const found = await discoverEngine();
    const image = await findImage(found);
    const box = await Box.start(found, { ...settings, imageId: image.id });
    try {
      const { HostConfig } = await found.docker.getContainer(box.id).inspect();
      const asked = containerSpec(found, { ...settings, imageId: image.id }).HostConfig;
      for (const name of ["CapDrop", "Memory", "MemorySwap", "PidsLimit", "NanoCpus", "ReadonlyRootfs"] as const) {
        expect({ [name]: HostConfig[name] }).toEqual({ [name]: asked?.[name] });
      }
      expect(HostConfig).toMatchObject({ NetworkMode: "none", Privileged: false, IpcMode: "none" });
    } finally {
      await box.remove();
    }
  });
});
