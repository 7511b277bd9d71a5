"""Frames between the processes of a box: four bytes of length (big endian), then JSON in UTF-8."""

import json
import os
import struct

LENGTH = struct.Struct(">I")
MAX_FRAME = 16 * 1024 * 1024


class BadFrame(Exception):
    """The other side sent something that is not a frame; the stream cannot be trusted any more."""


def pack(message):
    body = json.dumps(message, separators=(",", ":")).encode("ascii")
    return LENGTH.pack(len(body)) + body


def write_all(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view):]


def read_exactly(descriptor, count):
    """Returns None when the stream ends first."""
    chunks = []
    while count:
        chunk = os.read(descriptor, min(count, 1 << 20))
        if not chunk:
            return None
        chunks.append(chunk)
        count -= len(chunk)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def read_body(descriptor, limit=MAX_FRAME):
    """Returns the bytes of the next frame, or None at the end of the stream."""
    header = read_exactly(descriptor, 4)
    if header is None:
        return None
    (length,) = LENGTH.unpack(header)
    if length > limit:
        raise BadFrame("a message of %d bytes is larger than %d" % (length, limit))
    return read_exactly(descriptor, length)


def read_frame(descriptor, limit=MAX_FRAME):
    body = read_body(descriptor, limit)
    return None if body is None else json.loads(body)
