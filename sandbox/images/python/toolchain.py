"""Programs in languages other than Python, on the candidate's side: built and run by their own tools.

Everything here runs with the candidate's rights. What a build makes leaves it as bytes in a memory file, the only thing
that outlives the clean-up between a build and a run; its source does not.
"""

import os
import sys

PROGRAM = "/tmp/program"


def build(job, product):
    """Runs a compiler over the source, then writes what it made into the memory file `product`."""
    _write_source(job)
    status = _wait(_start(job["build"]))
    if status == 0:
        with open(product, "wb", closefd=False) as made:
            if os.path.isdir(PROGRAM):
                import tarfile  # Not at the top: every candidate would carry it.

                with tarfile.open(fileobj=made, mode="w|") as archive:
                    archive.add(PROGRAM, ".")
            else:
                with open(PROGRAM, "rb") as binary:
                    os.sendfile(product, binary.fileno(), 0, os.fstat(binary.fileno()).st_size)
    return status


def run(job, product):
    """Becomes the program: a binary from the memory file, or a tool with the source or the unpacked build beside it."""
    if product is None:
        _write_source(job)
    elif not job["run"]:
        os.set_inheritable(product, False)
        os.execve(product, ["program"], _environment())
    else:
        import tarfile

        os.mkdir(PROGRAM)
        os.lseek(product, 0, os.SEEK_SET)
        with open(product, "rb", closefd=False) as made, tarfile.open(fileobj=made) as archive:
            archive.extractall(PROGRAM, filter="data")
        os.close(product)
    os.execvpe(job["run"][0], job["run"] + job.get("arguments", []), _environment())


def _write_source(job):
    with open(job["file"], "w", encoding="utf-8", errors="surrogatepass") as source:
        source.write(job["code"])


def _environment():
    names = ("PATH", "HOME", "TMPDIR", "LANG", "TZ")
    return {name: os.environ[name] for name in names if name in os.environ}


def _start(command):
    process = os.fork()
    if process == 0:
        try:
            os.execvpe(command[0], command, _environment())
        finally:
            sys.stderr.write("there is no %s in this image\n" % command[0])
            sys.stderr.flush()
            os._exit(127)
    return process


def _wait(process):
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) & 0xFF
