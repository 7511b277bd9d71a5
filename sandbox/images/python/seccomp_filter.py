"""The second system-call filter: loaded once in the candidate zygote, inherited by every candidate.

Calls that no benchmark needs end the process with SIGSYS, which becomes the verdict `forbidden`. A socket of any family
but AF_UNIX is refused with EPERM, so that honest code which merely tries the network goes on.
"""

import ctypes
import platform
import struct

NUMBERS = {
    "x86_64": {
        "audit": 0xC000003E,
        "socket": 41,
        "kill": (
            101, 310, 311, 165, 166, 155, 161, 272, 308, 321, 298, 323, 248, 249, 250, 425, 426, 427, 175, 176, 313,
            169, 167, 168, 246, 320, 304, 303, 438, 163, 179, 164, 227, 170, 171, 172, 173, 103, 428, 429, 430, 431,
            432, 433, 442, 153, 156, 447,
        ),
    },
    "aarch64": {
        "audit": 0xC00000B7,
        "socket": 198,
        "kill": (
            117, 270, 271, 40, 39, 41, 51, 97, 268, 280, 241, 282, 217, 218, 219, 425, 426, 427, 105, 106, 273, 142,
            224, 225, 104, 294, 265, 264, 438, 89, 60, 170, 112, 161, 162, 116, 428, 429, 430, 431, 432, 433, 442, 58,
            447,
        ),
    },
}

ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050001
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06


def _program(numbers, answer):
    kill = numbers["kill"]
    steps = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, numbers["audit"]), (RETURN, 0, 0, KILL), (LOAD, 0, 0, 0)]
    # The x32 call numbers of an x86-64 kernel would otherwise slip past every comparison below.
    steps += [(AT_LEAST, 0, 1, 0x40000000), (RETURN, 0, 0, KILL)]
    for number in kill:
        steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, answer)]
    steps += [(EQUAL, 0, 3, numbers["socket"]), (LOAD, 0, 0, 16), (EQUAL, 1, 0, 1), (RETURN, 0, 0, REFUSE)]
    steps += [(RETURN, 0, 0, ALLOW)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps), len(steps)


LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
NO_NEW_PRIVILEGES, SECCOMP, DUMPABLE = 38, 22, 4


def allow_own_proc():
    """After a change of uid a process may not open its own /proc files, /dev/stdin among them, unless it says this."""
    LIBC.prctl(DUMPABLE, 1, 0, 0, 0)


def load(answer=KILL):
    """Returns the architecture the filter was loaded for, or None where none is known. Raises OSError.

    With `answer=REFUSE` a forbidden call fails instead: Node tries a few of them when it starts.
    """
    numbers = NUMBERS.get(platform.machine())
    if numbers is None:
        return None
    code, length = _program(numbers, answer)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", length, ctypes.addressof(buffer))
    holder = ctypes.create_string_buffer(program, len(program))
    if LIBC.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0 or LIBC.prctl(SECCOMP, 2, ctypes.addressof(holder), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the inner system-call filter was refused")
    return platform.machine()
