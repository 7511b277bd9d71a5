"""PID 1 of a box. Runs no foreign code: it starts programs, watches them, cleans up, and reports facts to the host.

Facts, not verdicts: what they mean is decided on the host. When the host goes away (end of stdin), the box ends.
"""

import os
import socket
import sys
import time

import box_state
import candidate
import grader
import isolates
import shell_tests
import wire
from grader_process import GraderProcess
from program import Program

SYNC = b"assay-sync-1"
HOST_FRAME = 512 * 1024 * 1024


def _spawn(work, config):
    """Forks a zygote that keeps nothing but its end of a socket."""
    mine, theirs = socket.socketpair()
    if os.fork() == 0:
        try:
            control = socket.socket(fileno=os.dup2(theirs.fileno(), 3))
            null = os.open("/dev/null", os.O_RDWR)
            os.dup2(null, 0)
            os.dup2(null, 1)
            os.closerange(4, 64)
            work(control, config)
        finally:
            os._exit(71)
    theirs.close()
    return mine


class Supervisor:
    def __init__(self, config):
        self.candidates = _spawn(candidate.zygote, config)
        (self.inner_filter,) = candidate.STARTED.unpack(self.candidates.recv(4))
        self.grader = GraderProcess(_spawn(grader.zygote, config))
        self.isolates = isolates.Worker(config)
        self.box = box_state.Box(config["candidate_uid"], config["cleaner_uid"])
        self.kills = box_state.memory_kills()
        self.cpu_time = box_state.CpuTime()
        self.tasks = {}
        # What the last build made: the key of its source, and a memory file.
        self.built = (None, None)
        self.grader_uid = config["grader_uid"]

    def expected(self):
        """Tasks of an idle box: PID 1, two zygotes, the grader; the isolate worker's threads come and go."""
        return 3 + (self.grader.socket is not None) + self.isolates.threads()

    def ready(self):
        self.grader.ready()
        return {
            "ready": True,
            "python": sys.version.split()[0],
            "kernel": os.uname().release,
            "machine": os.uname().machine,
            "innerFilter": self.inner_filter == 1,
            "memoryCounter": self.kills.read() is not None,
            "taskCounter": self.box.tasks.read() is not None,
            "node": self.isolates.version(),
        }

    def perform(self, job):
        before = self.kills.read()
        started = time.monotonic()
        if job["mode"] == "isolate":
            facts = self.isolates.run(job)
        elif job["mode"] == "build":
            facts = self.build(job)
        elif job["mode"] == "shell":
            facts = self.shell(job)
        else:
            facts = Program(self, job).run()
        facts["wall"] = time.monotonic() - started
        facts["clean"], facts["left"] = self.box.restore(self.expected())
        after = self.kills.read()
        facts["memoryKills"] = 0 if after is None else after - before
        return facts

    def build(self, job):
        if self.built[1] is not None:
            os.close(self.built[1])
        product = os.memfd_create("product", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        self.built = (job["key"], product)
        facts = Program(self, job, product).run()
        return {**facts, "built": os.fstat(product).st_size}

    def shell(self, job):
        """Tests in a shell call the candidate as often as they like; its limits hold for all calls together."""
        tests = shell_tests.Tests(job, self.grader_uid)
        facts = {"exit": 0, "cpu": 0.0, "rss": 0, "timedOut": False, "flood": False}
        clock = {"deadline": time.monotonic() + job["limits"]["wall"]}

        def call(arguments):
            left = {"cpu": job["limits"]["cpu"] - facts["cpu"], "wall": clock["deadline"] - time.monotonic()}
            started = time.monotonic()
            ended = Program(self, {**job, "arguments": arguments, "limits": {**job["limits"], **left}}).run()
            self.box.clean()
            clock["deadline"] += max(0.0, time.monotonic() - started - left["wall"])
            facts.update(cpu=facts["cpu"] + ended["cpu"], rss=max(facts["rss"], ended["rss"]), stderr=ended["stderr"])
            for name in ("timedOut", "flood"):
                facts[name] = ended[name]
            if ended["timedOut"] or ended["flood"]:
                facts["exit"] = ended["exit"]
                return None
            return ended["exit"] & 0xFF, ended["stdout"]["text"].encode("utf-8", "surrogateescape")

        status = tests.run(call, lambda: clock["deadline"])
        facts["timedOut"] = facts["timedOut"] or (status is None and not facts["flood"])
        verdict = {"status": "passed" if status == 0 else "failed", "detail": "", "stage": "tests", "calls": tests.calls}
        if status not in (0, None):
            verdict["detail"] = "the tests ended with exit code %d" % status
        return {**facts, "grader": verdict}

    def task(self, job):
        if job.get("forget"):
            self.tasks.clear()
            self.grader.drop()
        if "task" in job:
            self.tasks[job["key"]] = job["task"]
        return self.tasks[job["key"]]


def _synchronise():
    """An engine may leak bytes of the attach request into stdin; the conversation starts after the sync word."""
    seen = b""
    while not seen.endswith(SYNC):
        byte = os.read(0, 1)
        if not byte:
            os._exit(0)
        seen = (seen + byte)[-len(SYNC):]


def main(config):
    packages = [path for path in config["packages"] if os.path.isdir(path)]
    sys.path.extend(packages)
    sys.argv = [""]
    supervisor = Supervisor(config)
    _synchronise()
    wire.write_all(1, wire.pack(supervisor.ready()))
    while True:
        job = wire.read_frame(0, HOST_FRAME)
        if job is None:
            os._exit(0)
        wire.write_all(1, wire.pack({"id": job["id"], **supervisor.perform(job)}))
