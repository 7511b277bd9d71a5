"""The candidate side: a zygote forked before the first request, and one short-lived process per program.

The zygote never reads a program: code arrives in a memory file whose descriptor it only passes on, so nothing of one
program is left in the memory the next is forked from, and no test was ever in it.
"""

import gc
import json
import os
import random
import resource
import socket
import struct
import sys
import types

import codec
import seccomp_filter
import toolchain
import wire

LAUNCH = struct.Struct(">IIII")
EXIT = struct.Struct(">iqqq")
STARTED = struct.Struct(">i")
MEBIBYTE = 1 << 20
REPLY_TEXT = 2000
PRELOAD = (
    "math re collections itertools functools heapq bisect string typing datetime json copy operator statistics "
    "fractions decimal hashlib dataclasses enum abc cmath io contextlib numbers textwrap"
)


def zygote(control, config):
    """Serves launches until PID 1 closes `control`; the exit status of every candidate goes back on it."""
    for name in PRELOAD.split():
        __import__(name)
    compile("def warm(x):\n    return [y for y in x if y]\n", "<warm>", "exec")
    json.loads(json.dumps({"a": [1, 2.5, "b"]}))
    architecture = seccomp_filter.load()
    control.send(STARTED.pack(0 if architecture is None else 1))
    null = os.open("/dev/null", os.O_RDONLY)
    gc.collect()
    gc.freeze()
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, LAUNCH.size, 6)
        if not data:
            os._exit(0)
        limits = LAUNCH.unpack(data)
        process = os.fork()
        if process == 0:
            _become(control, descriptors, null, limits, config)
        control.send(STARTED.pack(process))
        for descriptor in descriptors:
            os.close(descriptor)
        _, status, usage = os.wait4(process, 0)
        spent = int((usage.ru_utime + usage.ru_stime) * 1e6)
        control.send(EXIT.pack(status, spent, usage.ru_maxrss, usage.ru_minflt))


def _become(control, descriptors, null, limits, config):
    code = 70
    try:
        program, rpc, out, err, stdin, product = (*descriptors, null, null)[:6]
        _drop_rights(limits, config["candidate_uid"])
        os.dup2(stdin, 0)
        os.dup2(out, 1)
        os.dup2(err, 2)
        job = json.loads(_read_all(program))
        rpc = os.dup2(rpc, 3, inheritable=False)
        if len(descriptors) == 6:
            product = os.dup2(product, 4, inheritable=False)
        os.closerange(5 if len(descriptors) == 6 else 4, 64)
        control.detach()
        code = _run(job, rpc, product if len(descriptors) == 6 else None)
    except BaseException as problem:
        code = _exit_code(problem)
    finally:
        try:
            sys.stdout.flush()
        except BaseException:
            code = code or 1
        os._exit(code)


def _drop_rights(limits, uid):
    cpu, address_space, processes, stack = limits
    with open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")
    os.setsid()
    os.umask(0o077)
    for kind, soft, hard in (
        # PID 1 ends it at the limit by a better clock; this is for the moment in which PID 1 gets no core.
        (resource.RLIMIT_CPU, cpu + 1, cpu + 2),
        (resource.RLIMIT_AS, address_space * MEBIBYTE, address_space * MEBIBYTE),
        (resource.RLIMIT_FSIZE, 16 * MEBIBYTE, 16 * MEBIBYTE),
        (resource.RLIMIT_NOFILE, 64, 64),
        (resource.RLIMIT_NPROC, processes, processes),
        (resource.RLIMIT_STACK, stack * MEBIBYTE, stack * MEBIBYTE),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(kind, (soft, hard))
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    seccomp_filter.allow_own_proc()
    os.chdir("/tmp")


def _read_all(descriptor):
    os.lseek(descriptor, 0, os.SEEK_SET)
    return wire.read_exactly(descriptor, os.fstat(descriptor).st_size)


def _exit_code(problem):
    if isinstance(problem, SystemExit):
        if problem.code is None:
            return 0
        if isinstance(problem.code, int):
            return problem.code & 0xFF
        sys.stderr.write(str(problem.code) + "\n")
        return 1
    import traceback

    try:
        traceback.print_exception(problem, limit=-8)
    except BaseException:
        pass
    return 1


def _module(name):
    module = types.ModuleType(name)
    sys.modules[name] = module
    return module


def _run(job, rpc, product):
    mode = job["mode"]
    if mode == "build":
        return toolchain.build(job, product)
    if mode in ("program", "shell"):
        return toolchain.run(job, product)
    random.seed()
    sys.argv = ["candidate"]
    if mode == "split":
        return _serve(job["code"], rpc)
    main = _module("__main__" if mode == "stdio" else "candidate")
    exec(compile(job["code"], "<candidate>", "exec"), main.__dict__)
    if mode == "in_process":
        exec(compile(job["tests"], "<tests>", "exec"), main.__dict__)
        # Harness-side proof that the end was reached: it is not in the memory file, so early exits cannot send it.
        os.write(rpc, os.read(rpc, 32))
    elif "threading" in sys.modules:
        sys.modules["threading"]._shutdown()
    return 0


def _serve(code, rpc):
    module = _module("candidate")
    handles = []

    def keep(value):
        handles.append(value)
        try:
            truth = bool(value)
        except Exception:
            truth = True
        return {"~": "handle", "v": [len(handles) - 1, truth]}

    def answer(work):
        try:
            reply = {"r": codec.encode(work(), keep)}
            sys.stdout.flush()
            return wire.pack(reply)
        except BaseException as problem:
            return wire.pack(_describe(problem))

    wire.write_all(rpc, answer(lambda: exec(compile(code, "<candidate>", "exec"), module.__dict__)))
    while True:
        request = wire.read_frame(rpc)
        if request is None:
            return 0
        wire.write_all(rpc, answer(lambda: _perform(request, module, handles)))


def _perform(request, module, handles):
    def handle(number, _truth):
        return handles[number]

    target = module.__dict__[request["f"]] if "f" in request else handles[request["h"]]
    operation = request["o"]
    arguments = [codec.decode(item, handle) for item in request["a"]]
    if operation == "call":
        return target(*arguments, **{name: codec.decode(item, handle) for name, item in request["k"].items()})
    if operation == "get":
        return getattr(target, arguments[0])
    if operation == "set":
        return setattr(target, arguments[0], arguments[1])
    if operation == "item":
        return target[arguments[0]]
    if operation == "len":
        return len(target)
    return list(target)


def _describe(problem):
    kind = type(problem)
    names = [base.__name__ for base in kind.__mro__ if base.__module__ == "builtins"]
    try:
        text = str(problem)[:REPLY_TEXT]
    except BaseException:
        text = "an exception without text"
    return {"e": str(kind.__name__), "b": [str(name) for name in names], "t": str(text)}
