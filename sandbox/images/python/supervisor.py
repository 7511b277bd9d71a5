"""PID 1 of a box. Runs no foreign code: it starts programs, watches them, cleans up, and reports facts to the host.

Facts, not verdicts: what they mean is decided on the host. When the host goes away (end of stdin), the box ends.
"""

import json
import math
import os
import select
import signal
import socket
import sys
import time

import box_state
import candidate
import grader
import isolates
import shell_tests
import wire

SYNC = b"assay-sync-1"
OUTPUT_LIMIT = 16 * 1024 * 1024
HOST_FRAME = 512 * 1024 * 1024
GRADER_SAMPLES = 500
GRADER_GRACE = 0.1
ENDING_GRACE = 0.5
# Time spent waiting for a core prolongs the wall limit up to this many times; the host waits as long.
PATIENCE = 4
# Seconds in which no clock is read: a program that ended by then met no limit.
QUICK = 0.05


# What a program's process is told of its job: never the tests, unless they are graded in its process.
PROGRAM_FIELDS = {
    "split": ("mode", "code"),
    "stdio": ("mode", "code"),
    "in_process": ("mode", "code", "tests"),
    "build": ("mode", "code", "file", "build"),
    "program": ("mode", "code", "file", "run"),
    "shell": ("mode", "code", "file", "run", "arguments"),
}


class Output:
    """One captured stream: the first bytes are kept, the rest is counted."""

    def __init__(self, keep):
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)
        self.keep = keep
        self.kept = []
        self.total = 0

    def drain(self, most=64):
        """Reads what is there; returns False at the end of the stream."""
        for _ in range(most):
            try:
                chunk = os.read(self.reader, 65536)
            except BlockingIOError:
                return True
            if not chunk:
                return False
            room = self.keep - self.total
            if room > 0:
                self.kept.append(chunk[:room])
            self.total += len(chunk)
        return True

    def report(self):
        text = b"".join(self.kept).decode("utf-8", "backslashreplace")
        return {"text": text, "bytes": self.total}

    def close(self):
        os.close(self.reader)
        if self.writer is not None:
            os.close(self.writer)


class Grader:
    """The current grader process, replaced after some samples or whenever it gave no verdict."""

    def __init__(self, control):
        self.control = control
        self.socket = None
        self.process = 0
        self.samples = 0
        self.known = set()

    def ready(self):
        if self.socket is not None and self.samples < GRADER_SAMPLES:
            return
        self.drop()
        mine, theirs = socket.socketpair()
        socket.send_fds(self.control, [b"g"], [theirs.fileno()])
        theirs.close()
        self.process = int.from_bytes(self.control.recv(4), "big")
        self.socket = mine

    def ask(self, key, task, rpc):
        request = {"key": key}
        if key not in self.known:
            request["task"] = task
            self.known.add(key)
        self.samples += 1
        try:
            socket.send_fds(self.socket, [b"t"], [rpc.fileno()])
            wire.write_all(self.socket.fileno(), wire.pack(request))
        except OSError:
            # It died between two programs; the end of its stream, read later, says so.
            return

    def answer(self):
        try:
            return wire.read_frame(self.socket.fileno())
        except (OSError, ValueError, wire.BadFrame):
            return None

    def drop(self):
        if self.socket is not None:
            self.socket.close()
            try:
                os.kill(self.process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.socket, self.samples, self.known = None, 0, set()


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
        self.grader = Grader(_spawn(grader.zygote, config))
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


class Program:
    """One program from launch to the end of its last process."""

    def __init__(self, supervisor, job, product=None):
        self.supervisor = supervisor
        self.job = job
        self.product = product
        if job["mode"] == "program" and "key" in job:
            key, self.product = supervisor.built
            if key != job["key"]:
                raise ValueError("this program was not built here")
        self.out = Output(job["keep"])
        self.err = Output(job["keep"])
        self.mine, self.theirs = socket.socketpair()
        self.exit = self.verdict = self.others = None
        self.facts = {"timedOut": False, "flood": False, "proved": False, "graderLost": False, "killed": False}
        self.split = job["mode"] == "split"
        self.nonce = os.urandom(16)

    def _baseline(self):
        """What the clocks of box, grader and PID 1 showed near the start; most programs end before it is needed."""
        self.others = (os.getpid(), self.supervisor.grader.process)
        self.waited = sum(map(box_state.waited, self.others))
        self.spent = self._box_spent()

    def _box_spent(self):
        """CPU seconds of the box without PID 1 and the grader: of everything the program started, while it runs."""
        return self.supervisor.cpu_time.read() - sum(map(box_state.used, self.others))

    def _used(self):
        """CPU seconds of the program: its own, or where the box shows more, those of all its processes."""
        return max(box_state.used(self.process), self._box_spent() - self.spent)

    def _patience(self):
        """Seconds until a limit may be reached; None when one was."""
        now = time.monotonic()
        if self.others is None:
            if now < self.started + QUICK:
                return QUICK
            self._baseline()
        if now >= self.deadline and not self._prolonged():
            return None
        if self.exit:
            return max(0, self.deadline - now)
        left = self.job["limits"]["cpu"] - self._used()
        self.facts["overCpu"] = left <= 0
        return None if left <= 0 else max(0, min(left, self.deadline - now))

    def _prolonged(self):
        """Moves the deadline by what the machine owes."""
        owed = max(0.0, sum(map(box_state.waited, (self.process, *self.others))) - self.waited)
        self.waited += owed
        self.deadline = min(self.deadline + owed, self.started + PATIENCE * self.job["limits"]["wall"])
        return self.deadline > time.monotonic()

    def run(self):
        self._launch()
        task = self.supervisor.task(self.job) if self.split else None
        self.supervisor.grader.ready()
        if self.split:
            self.supervisor.grader.ask(self.job["key"], task, self.mine)
        elif self.job["mode"] == "in_process":
            _send_quietly(self.mine, self.nonce)
        self._watch()
        for stream in (self.out, self.err):
            stream.drain(512)
        status, spent, resident, faults = self.exit
        report = {
            **self.facts,
            "exit": os.waitstatus_to_exitcode(status),
            "cpu": spent / 1e6,
            "rss": resident * 1024,
            "grader": self.verdict,
            "stdout": self.out.report(),
            "stderr": self.err.report(),
        }
        self.out.close()
        self.err.close()
        self.mine.close()
        return report

    def _launch(self):
        job, limits = self.job, self.job["limits"]
        body = {name: job[name] for name in PROGRAM_FIELDS[job["mode"]] if name in job}
        descriptors = [_memory_file(json.dumps(body).encode("ascii"))]
        if "stdin" in job or self.product is not None:
            descriptors.append(_memory_file(job.get("stdin", "").encode("utf-8", "surrogatepass")))
        passed = [descriptors[0], self.theirs.fileno(), self.out.writer, self.err.writer, *descriptors[1:]]
        if self.product is not None:
            passed.append(self.product)
        launch = candidate.LAUNCH.pack(
            math.ceil(limits["cpu"]), limits["addressSpace"], limits["processes"], limits["stack"]
        )
        zygote = self.supervisor.candidates
        socket.send_fds(zygote, [launch], passed)
        (self.process,) = candidate.STARTED.unpack(zygote.recv(4))
        for descriptor in descriptors:
            os.close(descriptor)
        self.theirs.close()
        for stream in (self.out, self.err):
            os.close(stream.writer)
            stream.writer = None

    def _kill(self):
        if self.exit is None:
            try:
                os.kill(self.process, signal.SIGKILL)
                self.facts["killed"] = True
            except ProcessLookupError:
                # Ended and collected; the zygote's report is on its way.
                pass

    def _done(self):
        if self.exit is None:
            return False
        return not self.split or self.verdict is not None or self.facts["graderLost"]

    def _watch(self):
        poll = select.poll()
        zygote, judge = self.supervisor.candidates.fileno(), self.supervisor.grader.socket.fileno()
        poll.register(0, 0)
        watched = [zygote, self.out.reader, self.err.reader]
        if self.split:
            watched.append(judge)
        elif self.job["mode"] == "in_process":
            watched.append(self.mine.fileno())
        for descriptor in watched:
            poll.register(descriptor, select.POLLIN)
        self.started = time.monotonic()
        self.deadline = self.started + self.job["limits"]["wall"]
        while not self._done():
            patience = self._patience()
            if patience is None:
                return self._expire()
            for descriptor, _ in poll.poll(patience * 1000 + 1):
                if descriptor == 0:
                    os._exit(0)
                if self._handle(descriptor, zygote, judge) is False:
                    poll.unregister(descriptor)

    def _handle(self, descriptor, zygote, judge):
        if descriptor == zygote:
            self.exit = candidate.EXIT.unpack(self.supervisor.candidates.recv(candidate.EXIT.size))
            if self.split:
                # A left-over child may still hold the candidate's end: the grader must see the end all the same.
                self.mine.shutdown(socket.SHUT_RDWR)
            return False
        if self.split and descriptor == judge:
            self.verdict = self.supervisor.grader.answer()
            if self.verdict is not None and self.verdict["status"] == "gone":
                # It is ending or it hung up: how it ends decides, so it gets a moment to do so by itself.
                self.deadline = min(self.deadline, time.monotonic() + ENDING_GRACE)
                return False
            if self.verdict is None:
                self.facts["graderLost"] = True
                self.supervisor.grader.drop()
            self._kill()
            return False
        if descriptor == self.mine.fileno():
            self.facts["proved"] = _receive_quietly(self.mine) == self.nonce
            self._kill()
            return False
        stream = self.out if descriptor == self.out.reader else self.err
        more = stream.drain()
        if stream.total > OUTPUT_LIMIT and not self.facts["flood"]:
            self.facts["flood"] = True
            self._kill()
        return more

    def _expire(self):
        self.facts["timedOut"] = self.verdict is None
        if self.exit is None:
            self._kill()
            self.exit = candidate.EXIT.unpack(self.supervisor.candidates.recv(candidate.EXIT.size))
        if self.split and self.verdict is None:
            self.mine.shutdown(socket.SHUT_RDWR)
            # A grader that only waited sees the end at once; one that is busy with a hostile value is replaced.
            if select.select([self.supervisor.grader.socket], [], [], GRADER_GRACE)[0]:
                self.verdict = self.supervisor.grader.answer()
            if self.verdict is None:
                self.supervisor.grader.drop()


def _send_quietly(connection, data):
    """The candidate may have ended already, which its exit status will tell."""
    try:
        connection.send(data)
    except OSError:
        pass


def _receive_quietly(connection):
    try:
        return connection.recv(64)
    except OSError:
        return b""


def _memory_file(data):
    descriptor = os.memfd_create("program")
    wire.write_all(descriptor, data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


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
