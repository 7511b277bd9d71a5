import { ALLOWED_CALLS } from "./allowed-calls.ts";

const EPERM = 1;
const ENOSYS = 38;
const AF_UNIX = 1;
const MSG_OOB = 1;
/**
 * CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET and NEWTIME (0x80) in the flags of `clone`, and
 * CLONE_PARENT (0x8000): a child of the zygote would stay a zombie, since only PID 1 and parents collect.
 */
const REFUSED_CLONES = 0x7e028080;

/** Architecture names of libseccomp by the engine's own word for its machine. */
const ARCHITECTURES: Record<string, string> = {
  amd64: "SCMP_ARCH_X86_64",
  x86_64: "SCMP_ARCH_X86_64",
  arm64: "SCMP_ARCH_AARCH64",
  aarch64: "SCMP_ARCH_AARCH64",
};

/**
 * The container's system-call filter, as the engine wants it: an allow-list, sockets of AF_UNIX only, no new namespaces.
 *
 * @param architecture - as `docker version` reports it; calls of any other architecture of the machine kill the process.
 * @throws RangeError for an architecture nobody has checked.
 */
export function seccompProfile(architecture: string): object {
  const name = ARCHITECTURES[architecture];
  if (name === undefined) throw new RangeError(`no system-call profile for the architecture "${architecture}"`);
  const only = (names: string[], index: number, value: number) => ({
    names,
    action: "SCMP_ACT_ALLOW",
    args: [{ index, value, op: "SCMP_CMP_EQ" }],
  });
  const without = (names: string[], index: number, flags: number) => ({
    names,
    action: "SCMP_ACT_ALLOW",
    args: [{ index, value: flags, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ" }],
  });
  return {
    defaultAction: "SCMP_ACT_ERRNO",
    defaultErrnoRet: EPERM,
    architectures: [name],
    syscalls: [
      { names: ALLOWED_CALLS, action: "SCMP_ACT_ALLOW" },
      only(["socket", "socketpair"], 0, AF_UNIX),
      // Urgent data on Unix sockets: nobody needs it, and it had a use-after-free (CVE-2025-38236).
      without(["sendto", "recvfrom"], 3, MSG_OOB),
      without(["sendmsg", "recvmsg"], 2, MSG_OOB),
      only(["personality"], 0, 0),
      only(["personality"], 0, 0xffffffff),
      without(["clone"], 0, REFUSED_CLONES),
      // The C library falls back to `clone`, whose flags a filter can read.
      { names: ["clone3"], action: "SCMP_ACT_ERRNO", errnoRet: ENOSYS },
    ],
  };
}
