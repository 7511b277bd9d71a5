"""What PID 1 knows about the box around it: processes, memory kills, the scratch folder; and how it is cleaned."""

import os
import signal
import stat
import time

SCRATCH = b"/tmp"
# Time spent waiting for a core prolongs a wall limit up to this many times; the host waits as long.
PATIENCE = 4
CLEAN_SECONDS = 10.0
# The kernel's number for "time the scheduler gave to a process" in the clock ids it makes of process ids.
PROCESS_CLOCK = 2


class Counter:
    """A cgroup file kept open: read again at every program for one number."""

    def __init__(self, paths, key):
        self.key = key
        self.descriptor = None
        for path in paths:
            try:
                self.descriptor = os.open(path, os.O_RDONLY)
                break
            except OSError:
                continue

    def read(self):
        if self.descriptor is None:
            return None
        text = os.pread(self.descriptor, 4096, 0)
        if self.key is None:
            return int(text)
        for line in text.splitlines():
            name, _, value = line.partition(b" ")
            if name == self.key:
                return int(value)
        return None


def memory_kills():
    return Counter(("/sys/fs/cgroup/memory/memory.oom_control", "/sys/fs/cgroup/memory.events"), b"oom_kill")


class CpuTime:
    """CPU seconds of all processes of the box so far; zero where the engine shows none (gVisor)."""

    def __init__(self):
        self.nanoseconds = Counter(("/sys/fs/cgroup/cpuacct/cpuacct.usage",), None)
        self.microseconds = Counter(("/sys/fs/cgroup/cpu.stat",), b"usage_usec")

    def read(self):
        return (self.nanoseconds.read() or 0) / 1e9 + (self.microseconds.read() or 0) / 1e6


def used(process):
    """CPU seconds of a process so far, by its own clock: limits of the kernel go by ticks, which a busy machine bends."""
    try:
        return time.clock_gettime((~process << 3) | PROCESS_CLOCK)
    except OSError:
        return 0.0


def waited(process):
    """Seconds a process was ready to run and got no core: the fault of a busy machine, not of a program."""
    try:
        with open("/proc/%s/schedstat" % process, "rb") as statistics:
            return int(statistics.read().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


class Box:
    """Baseline of an idle box, and the way back to it after a program."""

    def __init__(self, uid, cleaner_uid):
        self.uid = uid
        self.cleaner_uid = cleaner_uid
        self.tasks = Counter(("/sys/fs/cgroup/pids/pids.current", "/sys/fs/cgroup/pids.current"), None)
        self.scratch = self._scratch()

    def _scratch(self):
        state = os.statvfs(SCRATCH)
        return (state.f_ffree, state.f_bfree)

    def foreign(self):
        """Number of live processes of the candidate's uid, the slow way."""
        found = 0
        for name in os.listdir("/proc"):
            if name.isdigit():
                try:
                    found += os.stat("/proc/" + name).st_uid == self.uid
                except OSError:
                    continue
        return found

    def idle(self, expected):
        reap()
        count = self.tasks.read()
        if self._scratch() != self.scratch:
            return False
        return self.foreign() == 0 if count is None else count == expected

    def restore(self, expected):
        """Returns (clean, processes found left over). A program cannot survive this: see `clean`."""
        if self.tasks.read() is not None and self.idle(expected):
            return True, 0
        left = self.foreign()
        deadline = time.monotonic() + CLEAN_SECONDS
        while time.monotonic() < deadline:
            if self.clean() and self.idle(expected) and self.foreign() == 0:
                return True, left
            time.sleep(0.002)
        return False, left

    def clean(self):
        """Signals everything of the candidate's uid at once, and empties the scratch folder with its rights.

        Real and saved uid differ from the candidate's, so no candidate process may signal the cleaner first.
        """
        process = os.fork()
        if process == 0:
            try:
                os.setgroups([])
                os.setresgid(self.cleaner_uid, self.uid, self.cleaner_uid)
                os.setresuid(self.cleaner_uid, self.uid, self.cleaner_uid)
                try:
                    os.kill(-1, signal.SIGKILL)
                except (PermissionError, ProcessLookupError):
                    pass
                empty(SCRATCH)
                os._exit(0)
            finally:
                os._exit(1)
        return os.waitpid(process, 0)[1] == 0


def reap():
    """Collects orphans: this is PID 1, so every left-over process becomes its child."""
    while True:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                return
        except ChildProcessError:
            return


def empty(root):
    """Removes everything below `root`; nested folders are lifted to the top first, so that no path grows too long."""
    while entries := os.listdir(root):
        for name in entries:
            path = root + b"/" + name
            if not stat.S_ISDIR(os.lstat(path).st_mode):
                os.unlink(path)
                continue
            os.chmod(path, 0o700)
            for inner in os.listdir(path):
                held = path + b"/" + inner
                if stat.S_ISDIR(os.lstat(held).st_mode):
                    os.chmod(held, 0o700)
                os.rename(held, root + b"/." + os.urandom(12).hex().encode())
            os.rmdir(path)
