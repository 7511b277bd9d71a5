"""One program of a box, from launch to the end of its last process: its limits, its output, its grader's word."""

import json
import math
import os
import select
import signal
import socket
import time

import box_state
import candidate
import wire

OUTPUT_LIMIT = 16 * 1024 * 1024
GRADER_GRACE = 0.1
ENDING_GRACE = 0.5
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
        self.deadline = min(self.deadline + owed, self.started + box_state.PATIENCE * self.job["limits"]["wall"])
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
        waiting = self.verdict is None and not self.facts["graderLost"]
        self.facts["timedOut"] = waiting
        if self.exit is None:
            self._kill()
            self.exit = candidate.EXIT.unpack(self.supervisor.candidates.recv(candidate.EXIT.size))
        if self.split and waiting:
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
