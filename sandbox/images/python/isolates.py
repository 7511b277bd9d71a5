"""The JavaScript worker of a box: one Node process under a uid of its own, one program at a time, killed on excess."""

import os
import resource
import select
import signal
import time

import box_state
import seccomp_filter
import wire

TICKS = os.sysconf("SC_CLK_TCK")
NODE = "/opt/assay/node"
FIELDS = ("code", "tests", "names", "limits", "keep", "split", "typescript")
ADDON = "/opt/assay/isolated_vm.node"


class Worker:
    def __init__(self, config):
        self.config = config
        self.process = 0
        self.to = self.out = None
        self.baseline = 0

    def version(self):
        return os.path.exists(NODE) and os.path.exists(ADDON)

    def threads(self):
        if not self.process:
            return 0
        try:
            return len(os.listdir("/proc/%d/task" % self.process))
        except OSError:
            self.stop()
            return 0

    def _start(self):
        theirs_in, self.to = os.pipe()
        self.out, theirs_out = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            try:
                self._become(theirs_in, theirs_out)
            finally:
                os._exit(72)
        os.close(theirs_in)
        os.close(theirs_out)
        if wire.read_frame(self.out) != {"ready": True}:
            raise RuntimeError("the JavaScript worker did not start")

    def _become(self, stdin, stdout):
        uid = self.config["isolate_uid"]
        with open("/proc/self/oom_score_adj", "w") as score:
            score.write("1000")
        null = os.open("/dev/null", os.O_WRONLY)
        os.dup2(stdin, 0)
        os.dup2(stdout, 1)
        os.dup2(null, 2)
        os.closerange(3, 64)
        os.setsid()
        for kind, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_NOFILE, 64),
            (resource.RLIMIT_NPROC, 32),
        ):
            resource.setrlimit(kind, (most, most))
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        seccomp_filter.load(seccomp_filter.REFUSE)
        flags = ["--no-node-snapshot", "--unhandled-rejections=strict", "--max-old-space-size=96"]
        os.execve(NODE, [NODE, *flags, "-e", self.config["isolate_worker"], ADDON], {"HOME": "/tmp", "TZ": "UTC"})

    def _spent(self):
        """CPU seconds of the worker so far; a worker that ended has its answer (an end of stream) waiting."""
        with open("/proc/%d/stat" % self.process, "rb") as stat:
            fields = stat.read().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def stop(self):
        if not self.process:
            return 0
        try:
            os.kill(self.process, signal.SIGKILL)
        except ProcessLookupError:
            pass
        try:
            status = os.waitpid(self.process, 0)[1]
        except ChildProcessError:
            # Collected among the orphans after it died by itself.
            status = signal.SIGKILL
        os.close(self.to)
        os.close(self.out)
        self.process = 0
        return os.waitstatus_to_exitcode(status)

    def run(self, job):
        if not self.process:
            self._start()
        limits = job["limits"]
        before, waited, started = self._spent(), box_state.waited(self.process), time.monotonic()
        facts = {"isolate": None, "timedOut": False, "exit": 0}
        wire.write_all(self.to, wire.pack({name: job[name] for name in FIELDS}))
        poll = select.poll()
        poll.register(0, 0)
        poll.register(self.out, select.POLLIN)
        while True:
            events = [descriptor for descriptor, _ in poll.poll(50)]
            if 0 in events:
                os._exit(0)
            spent = self._spent() - before
            if events:
                return self._finish(facts, spent)
            owed = min(box_state.waited(self.process) - waited, (box_state.PATIENCE - 1) * limits["wall"])
            if spent > limits["cpu"] or time.monotonic() > started + limits["wall"] + owed:
                facts.update(timedOut=True, cpu=spent)
                facts["exit"] = self.stop()
                return facts

    def _finish(self, facts, spent):
        facts["cpu"] = spent
        try:
            facts["isolate"] = wire.read_frame(self.out)
        except (OSError, ValueError, wire.BadFrame):
            facts["isolate"] = None
        if facts["isolate"] is None or facts["isolate"].get("spoiled"):
            facts["exit"] = self.stop()
        return facts
