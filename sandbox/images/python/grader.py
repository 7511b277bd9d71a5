"""The grader side: tests run here, compiled once per task, and meet the candidate only through values.

Forked from a zygote that never held candidate code. Nothing here trusts a reply beyond its being data.
"""

import ast
import builtins
import gc
import importlib
import os
import random
import resource
import signal
import socket

import codec
import wire

DETAIL = 300
MODULES = frozenset(
    "math cmath sys re collections itertools functools heapq bisect string datetime random operator copy json "
    "decimal fractions statistics typing os time".split()
)


class CandidateGone(BaseException):
    """The candidate ended before it answered."""


class CandidateFault(BaseException):
    """The candidate broke the protocol or tried to leave: tests cannot swallow this as an exception of their own."""


class CannotSplit(BaseException):
    """A test asked for something that values alone cannot carry."""


class Channel:
    """One conversation with one candidate. A fault is remembered, whatever the tests do with the exception."""

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.calls = 0
        self.fault = None

    def _fail(self, kind, text):
        self.fault = self.fault or (kind, text)
        raise kind(text)

    def receive(self):
        try:
            reply = wire.read_frame(self.descriptor)
        except (ConnectionError, OSError):
            reply = None
        except (wire.BadFrame, ValueError, RecursionError) as problem:
            self._fail(CandidateFault, "not a reply: %s" % problem)
        if reply is None:
            self._fail(CandidateGone, "the program ended before its tests did")
        if type(reply) is not dict:
            self._fail(CandidateFault, "not a reply")
        if "e" in reply:
            self._raise(reply)
        try:
            return codec.decode(reply.get("r"), lambda number, truth: Opaque(self, number, truth))
        except (codec.NotData, RecursionError, MemoryError) as problem:
            self._fail(CandidateFault, "the reply holds %s" % problem)

    def _raise(self, reply):
        name, bases, text = str(reply.get("e"))[:100], reply.get("b"), str(reply.get("t"))[:DETAIL]
        names = [name] + [str(base)[:100] for base in bases[:20]] if type(bases) is list else [name]
        for known in names:
            kind = vars(builtins).get(known)
            if not (isinstance(kind, type) and issubclass(kind, BaseException)):
                continue
            if not issubclass(kind, Exception):
                if kind is not BaseException:
                    self._fail(CandidateFault, "%s: %s" % (name, text))
                continue
            if issubclass(kind, (StopIteration, StopAsyncIteration)):
                # Passed on as it is, it would end a loop of the tests over `map(candidate, inputs)` without a word.
                break
            try:
                raised = kind(text)
            except Exception:
                break
            raised.candidate_name = name
            raise raised
        raise RuntimeError("%s: %s" % (name, text))

    def ask(self, request):
        self.calls += 1

        def keep(value):
            if type(value) is Opaque and value._channel is self:
                return {"~": "handle", "v": [value._number, True]}
            raise CannotSplit("a %s cannot be passed to the candidate" % type(value).__name__)

        for part in ("a", "k"):
            held = request[part]
            if part == "a":
                request["a"] = [codec.encode(item, keep) for item in held]
            else:
                request["k"] = {name: codec.encode(item, keep) for name, item in held.items()}
        try:
            wire.write_all(self.descriptor, wire.pack(request))
        except (ConnectionError, OSError):
            self._fail(CandidateGone, "the program ended before its tests did")
        return self.receive()


class Named:
    """Stands in the tests' namespace for a function or class of the candidate."""

    __slots__ = ("_channel", "_name")

    def __init__(self, channel, name):
        self._channel = channel
        self._name = name

    def __call__(self, *arguments, **keywords):
        return self._channel.ask({"f": self._name, "o": "call", "a": arguments, "k": keywords})


class Opaque:
    """Stands for an object of the candidate that is not data. It equals nothing: comparisons are never delegated."""

    __slots__ = ("_channel", "_number", "_truth")

    def __init__(self, channel, number, truth):
        object.__setattr__(self, "_channel", channel)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_truth", truth)

    def _operate(self, operation, *arguments, **keywords):
        return self._channel.ask({"h": self._number, "o": operation, "a": arguments, "k": keywords})

    def __bool__(self):
        return self._truth

    def __call__(self, *arguments, **keywords):
        return self._operate("call", *arguments, **keywords)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._operate("get", name)

    def __setattr__(self, name, value):
        self._operate("set", name, value)

    def __getitem__(self, key):
        return self._operate("item", key)

    def __len__(self):
        size = self._operate("len")
        return size if type(size) is int else 0

    def __iter__(self):
        return iter(self._operate("iter"))


class Task:
    """Tests of one task, compiled once."""

    def __init__(self, spec):
        self.spec = spec
        self.setup = compile(spec["setup"], "<setup>", "exec")
        tree = ast.parse(spec["tests"])
        self.loaded = sorted({n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)})
        self.attributes_of = {
            n.value.id for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)
        }
        setup_names = {n.id for n in ast.walk(ast.parse(spec["setup"])) if isinstance(n, ast.Name)}
        self.setup_loaded = sorted(setup_names)
        if spec["kind"] == "asserts":
            # A function of its own keeps the tests' variables from shadowing names of the candidate.
            wrapper = ast.parse("def _assay_tests():\n    pass")
            wrapper.body[0].body = tree.body or wrapper.body[0].body
            tree = ast.fix_missing_locations(wrapper)
        self.tests = compile(tree, "<tests>", "exec")

    def namespace(self, channel):
        """Names the tests use and nobody defines belong to the candidate; well-known modules are imported."""
        space = {"__name__": "tests", "__builtins__": builtins}
        unknown = [n for n in self.setup_loaded + self.loaded if not hasattr(builtins, n)]
        for name in unknown:
            space[name] = importlib.import_module(name) if self._is_module(name) else Named(channel, name)
        exec(self.setup, space)
        names = self.spec["names"]
        if not names and self.spec["kind"] == "asserts":
            names = self._shadowed(space)
        for name in names:
            space[name] = Named(channel, name)
        return space

    def _is_module(self, name):
        return name in MODULES and name in self.attributes_of

    def _shadowed(self, space):
        """`assert sum(10, 15) == 6`: when tests call only builtins, the outermost one is what they test."""
        if any(type(space.get(name)) is Named for name in self.loaded):
            return []
        called = []
        for node in ast.walk(ast.parse(self.spec["tests"])):
            if isinstance(node, ast.Assert):
                calls = [n for n in ast.walk(node.test) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
                called += [calls[0].func.id] if calls else []
        return sorted(set(called))

    def run(self, channel):
        space = self.namespace(channel)
        random.seed(0)
        exec(self.tests, space)
        if self.spec["kind"] == "check":
            space["check"](Named(channel, self.spec["names"][0]))
        elif self.spec["kind"] == "asserts":
            space["_assay_tests"]()


def zygote(control, config):
    """Forks a grader whenever PID 1 sends it a socket."""
    for name in sorted(MODULES):
        __import__(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not data:
            os._exit(0)
        process = os.fork()
        if process == 0:
            channel = os.dup2(descriptors[0], 3)
            control.detach()
            os.closerange(4, 64)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _serve(socket.socket(fileno=channel), config)
        os.close(descriptors[0])
        control.send(process.to_bytes(4, "big"))


def _serve(control, config):
    uid = config["grader_uid"]
    # Out of memory by a hostile value: the candidate goes first, then the grader, PID 1 last.
    with open("/proc/self/oom_score_adj", "w") as score:
        score.write("700")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    os.chdir("/")
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    tasks = {}
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not data:
            os._exit(0)
        request = wire.read_frame(control.fileno(), 256 << 20)
        verdict = _grade(tasks, request, descriptors[0])
        os.close(descriptors[0])
        wire.write_all(control.fileno(), wire.pack(verdict))


def _task(tasks, request):
    if request["key"] not in tasks:
        tasks[request["key"]] = Task(request["task"])
    return tasks[request["key"]]


def _grade(tasks, request, descriptor):
    channel = Channel(descriptor)
    stage = "task"
    try:
        task = _task(tasks, request)
        stage = "load"
        channel.receive()
        stage = "tests"
        task.run(channel)
        verdict = {"status": "passed", "detail": ""}
    except CandidateGone as problem:
        verdict = {"status": "gone", "detail": str(problem)}
    except CannotSplit as problem:
        verdict = {"status": "failed", "detail": "cannot be graded in two processes: %s" % problem, "unsplittable": True}
    except AssertionError as problem:
        verdict = {"status": "failed", "detail": ("assertion failed: %s" % problem)[:DETAIL]}
    except BaseException as problem:
        name = getattr(problem, "candidate_name", type(problem).__name__)
        verdict = {"status": "failed", "detail": ("%s: %s" % (name, problem))[:DETAIL]}
    if channel.fault is not None:
        kind, text = channel.fault
        verdict = {"status": "gone" if kind is CandidateGone else "failed", "detail": text[:DETAIL]}
    return {**verdict, "stage": stage, "calls": channel.calls}
