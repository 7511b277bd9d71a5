"""Split grading for shell programs: the tests run in a shell of their own, under the grader's uid.

Where the tests call a function of the candidate, they get a stub that asks PID 1 over a pipe; PID 1 starts the candidate's
program anew with the arguments, cleans up behind it, and hands back its status and what it printed. Nothing else crosses.
"""

import os
import resource
import select
import signal
import time

import wire

ASK, ANSWER, SOURCE = 7, 8, 9
REQUEST_LIMIT = 1 << 20
STUB = """exec 0</dev/null
__assay_ask() {
  local status output
  { printf '%%s\\0' "$#" "$@"; } >&%d
  IFS= read -r -d '' -u %d status && IFS= read -r -d '' -u %d output || exit 97
  printf '%%s' "$output"
  return "$status"
}
""" % (ASK, ANSWER, ANSWER)


class Tests:
    """One process of tests; `call(arguments)` runs the candidate and returns (status, output) or None to give up."""

    def __init__(self, job, uid):
        stubs = "".join('%s() { __assay_ask %s "$@"; }\n' % (name, name) for name in job["names"])
        self.source = (STUB + stubs + job["tests"] + "\n").encode("utf-8", "surrogatepass")
        self.uid = uid
        self.calls = 0
        self.partial = b""

    def run(self, call, deadline):
        """Returns the exit status of the tests, or None when `call` gave up or the deadline passed."""
        self._start()
        try:
            return self._serve(call, deadline)
        finally:
            for descriptor in (self.asked, self.answers):
                os.close(descriptor)

    def _start(self):
        self.asked, ask = os.pipe()
        answer, self.answers = os.pipe()
        script = os.memfd_create("tests")
        wire.write_all(script, self.source)
        self.process = os.fork()
        if self.process == 0:
            try:
                self._become(ask, answer, script)
            finally:
                os._exit(72)
        for descriptor in (ask, answer, script):
            os.close(descriptor)

    def _become(self, ask, answer, script):
        null = os.open("/dev/null", os.O_RDWR)
        high = [os.dup2(descriptor, 20 + place) for place, descriptor in enumerate((ask, answer, script))]
        for place, descriptor in enumerate(high):
            os.dup2(descriptor, ASK + place)
        for standard in (0, 1, 2):
            os.dup2(null, standard)
        os.closerange(3, ASK)
        os.closerange(SOURCE + 1, 64)
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        os.setgroups([])
        os.setresgid(self.uid, self.uid, self.uid)
        os.setresuid(self.uid, self.uid, self.uid)
        # The script comes from a descriptor: arguments can be read by everybody in the box.
        os.execve("/bin/bash", ["bash", "--norc", "--noprofile", "/dev/fd/%d" % SOURCE], {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"})

    def _serve(self, call, deadline):
        poll = select.poll()
        poll.register(0, 0)
        poll.register(self.asked, select.POLLIN)
        while True:
            left = deadline() - time.monotonic()
            if left <= 0:
                return self.stop()
            events = [descriptor for descriptor, _ in poll.poll(left * 1000 + 1)]
            if 0 in events:
                os._exit(0)
            if not events:
                continue
            chunk = os.read(self.asked, 65536)
            if not chunk:
                return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])
            self.partial += chunk
            arguments = self._request()
            if arguments is not None:
                self.calls += 1
                reply = call(arguments)
                if reply is None:
                    return self.stop()
                status, output = reply
                wire.write_all(self.answers, b"%d\0%s\0" % (status, output.replace(b"\0", b"")))

    def _request(self):
        """Arguments of a complete request: a count, then so many of them, each ended by a zero byte."""
        parts = self.partial.split(b"\0")
        if len(parts) < 2 or len(parts) - 2 < int(parts[0]):
            if len(self.partial) > REQUEST_LIMIT:
                raise ValueError("a request of the tests without end")
            return None
        self.partial = b""
        return [part.decode("utf-8", "surrogateescape") for part in parts[1 : 1 + int(parts[0])]]

    def stop(self):
        os.killpg(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        return None
