"""Values as data: what crosses between candidate and grader is rebuilt here from exact builtin types.

Plain JSON stands for itself; everything else is {"~": kind, "v": ...}. Nothing a candidate defines (no class, no
method) ever reaches the grader, so a value cannot lie about being equal to another.
"""

import collections
import datetime
import decimal
import fractions

MAX_DEPTH = 200
PLAIN_INTEGER = 1 << 200
DECIMAL_CHARACTERS = 500


class NotData(Exception):
    """A value that cannot travel, or a message that describes none."""


SIMPLE = frozenset((type(None), bool, float, str))


def _sequence(values, keep, depth):
    kinds = set(map(type, values))
    if kinds <= SIMPLE:
        return list(values)
    if kinds == {int} and max(values) < PLAIN_INTEGER and min(values) > -PLAIN_INTEGER:
        return list(values)
    return [encode(item, keep, depth) for item in values]


def encode(value, keep, depth=0):
    """`keep(value)` turns a value that is not data into a tagged handle, or raises NotData."""
    kind = type(value)
    if value is None or kind is bool or kind is float or kind is str:
        return value
    if kind is int:
        return value if -PLAIN_INTEGER < value < PLAIN_INTEGER else {"~": "int", "v": hex(value)}
    if depth > MAX_DEPTH:
        raise NotData("nested more than %d deep" % MAX_DEPTH)
    depth += 1
    if kind is list:
        return _sequence(value, keep, depth)
    if kind is tuple:
        return {"~": "tuple", "v": _sequence(value, keep, depth)}
    if kind is dict:
        return {"~": "dict", "v": [[encode(k, keep, depth), encode(v, keep, depth)] for k, v in dict.items(value)]}
    writer = WRITERS.get(kind)
    if writer is not None:
        return writer(value, keep, depth)
    if kind is type and TYPES.get(value.__name__) is value:
        return {"~": "type", "v": value.__name__}
    for base in BASES:
        if isinstance(value, base):
            return _encode_as(base, value, keep, depth)
    if kind.__module__ == "numpy" and kind.__name__ != "ndarray" and hasattr(value, "item"):
        return encode(value.item(), keep, depth)
    return keep(value)


def _encode_as(base, value, keep, depth):
    """A subclass travels as the builtin it extends: a Counter as a dict, a named tuple as a tuple."""
    if base is dict:
        return encode(dict(dict.items(value)), keep, depth)
    if base in (int, float, str):
        return encode(base.__add__(value, base()), keep, depth)
    return encode(base(base.__iter__(value)) if hasattr(base, "__iter__") else base(value), keep, depth)


BASES = (dict, tuple, list, set, frozenset, str, int, float, bytes, bytearray, collections.deque)

_VALUE = {
    complex: lambda v: [v.real, v.imag],
    range: lambda v: [str(v.start), str(v.stop), str(v.step)],
    bytes: lambda v: v.hex(),
    bytearray: lambda v: v.hex(),
    type(Ellipsis): lambda v: 0,
    decimal.Decimal: lambda v: str(v)[:DECIMAL_CHARACTERS],
    fractions.Fraction: lambda v: [hex(v.numerator), hex(v.denominator)],
    datetime.datetime: lambda v: v.isoformat(),
    datetime.date: lambda v: v.isoformat(),
    datetime.time: lambda v: v.isoformat(),
    datetime.timedelta: lambda v: [v.days, v.seconds, v.microseconds],
}
# Builtin types are plain names: a few tests pass one as an argument.
TYPES = {kind.__name__: kind for kind in (int, float, bool, str, list, tuple, dict, set, frozenset, bytes, complex, object)}

WRITERS = {kind: (lambda v, k, d, _w=write, _n=kind.__name__: {"~": _n, "v": _w(v)}) for kind, write in _VALUE.items()}
for _kind in (set, frozenset, collections.deque):
    WRITERS[_kind] = lambda v, k, d, _n=_kind.__name__: {"~": _n, "v": _sequence(v, k, d)}

READERS = {
    "int": lambda v: int(v, 16),
    "type": lambda v: TYPES[v],
    "bytes": bytes.fromhex,
    "bytearray": bytearray.fromhex,
    "complex": lambda v: complex(v[0], v[1]),
    "range": lambda v: range(int(v[0]), int(v[1]), int(v[2])),
    "ellipsis": lambda v: Ellipsis,
    "Decimal": lambda v: decimal.Decimal(v[:DECIMAL_CHARACTERS]),
    "Fraction": lambda v: fractions.Fraction(int(v[0], 16), int(v[1], 16)),
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "timedelta": lambda v: datetime.timedelta(v[0], v[1], v[2]),
}
CONTAINERS = {"tuple": tuple, "set": set, "frozenset": frozenset, "deque": collections.deque}


def decode(value, handle, depth=0):
    """`handle(number, truth)` rebuilds what stands for a value that is not data. Raises NotData."""
    kind = type(value)
    if kind is list:
        if depth > MAX_DEPTH:
            raise NotData("nested more than %d deep" % MAX_DEPTH)
        kinds = set(map(type, value))
        if list not in kinds and dict not in kinds:
            return value
        return [decode(item, handle, depth + 1) for item in value]
    if kind is not dict:
        return value
    if depth > MAX_DEPTH:
        raise NotData("nested more than %d deep" % MAX_DEPTH)
    try:
        return _decode_tagged(value["~"], value["v"], handle, depth + 1)
    except NotData:
        raise
    except Exception as problem:
        raise NotData("not a value: %s" % type(problem).__name__) from None


def _decode_tagged(name, body, handle, depth):
    if name == "dict":
        return {decode(k, handle, depth): decode(v, handle, depth) for k, v in body}
    container = CONTAINERS.get(name)
    if container is not None:
        return container(decode(item, handle, depth) for item in body)
    if name == "handle":
        number, truth = body
        if type(number) is not int:
            raise NotData("a handle without a number")
        return handle(number, truth is True)
    return READERS[name](body)
