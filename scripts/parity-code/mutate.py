"""Makes wrong and nearly right programs out of HumanEval's reference solutions: one or two small edits each.

    python3 mutate.py rows.jsonl 10 1 > mutants.jsonl      (rows, mutants a problem, seed)

Edits are made in the text at the places the parser gives, and only in the part behind the prompt, so that a mutant is a
completion as a model would give it. Same rows, same seed: same mutants.
"""

import ast
import json
import random
import sys

COMPARISONS = {"Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!="}
ARITHMETIC = {"Add": "+", "Sub": "-", "Mult": "*", "FloorDiv": "//", "Mod": "%", "Div": "/", "Pow": "**"}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list", "sum": "len", "len": "sum",
         "range": "reversed", "abs": "int", "round": "int", "append": "extend", "upper": "lower", "lower": "upper"}


class Source:
    """Offsets of a program's nodes. The parser counts bytes of UTF-8 in a line; the text is edited as bytes too."""

    def __init__(self, text):
        self.data = text.encode()
        self.starts = [0]
        for line in self.data.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def span(self, node):
        return (self.starts[node.lineno - 1] + node.col_offset, self.starts[node.end_lineno - 1] + node.end_col_offset)

    def text(self, node):
        start, end = self.span(node)
        return self.data[start:end].decode()


def between(source, left, right, old, new):
    """Replaces an operator between two operands."""
    start, end = source.span(left)[1], source.span(right)[0]
    gap = source.data[start:end]
    if old.encode() not in gap:
        return None
    return (start, end, gap.replace(old.encode(), new.encode(), 1))


def edits_of(source, node):
    """Every single edit of one node as (start, end, replacement)."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        old = COMPARISONS.get(type(node.ops[0]).__name__)
        for new in COMPARISONS.values():
            if old and new != old:
                yield between(source, node.left, node.comparators[0], old, new)
    elif isinstance(node, ast.BinOp):
        old = ARITHMETIC.get(type(node.op).__name__)
        for new in ARITHMETIC.values():
            if old and new != old:
                yield between(source, node.left, node.right, old, new)
    elif isinstance(node, ast.BoolOp):
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        yield between(source, node.values[0], node.values[1], old, new)
    elif isinstance(node, ast.Constant):
        yield from edits_of_constant(source, node)
    elif isinstance(node, (ast.If, ast.While, ast.IfExp)):
        start, end = source.span(node.test)
        yield (start, end, b"not (" + source.data[start:end] + b")")
        yield (start, end, b"True")
    elif isinstance(node, ast.Return) and node.value is not None:
        start, end = source.span(node.value)
        for new in (b"None", b"[" + source.data[start:end] + b"]", b"str(" + source.data[start:end] + b")"):
            yield (start, end, new)
    elif isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.Break, ast.Continue)):
        yield (*source.span(node), b"pass")
    elif isinstance(node, ast.Call):
        function = node.func
        word = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        if word in CALLS:
            end = source.span(function)[1]
            yield (end - len(word), end, CALLS[word].encode())
        if len(node.args) == 2:
            (first, last) = (source.text(node.args[0]), source.text(node.args[1]))
            yield (source.span(node.args[0])[0], source.span(node.args[1])[1], f"{last}, {first}".encode())


def edits_of_constant(source, node):
    start, end = source.span(node)
    if isinstance(node.value, bool):
        yield (start, end, str(not node.value).encode())
    elif isinstance(node.value, int):
        for new in (node.value + 1, node.value - 1, -node.value):
            if new != node.value:
                yield (start, end, f"({new})".encode() if new < 0 else str(new).encode())
    elif isinstance(node.value, str) and source.data[start:start + 1] in (b"'", b'"'):
        yield (start, end, repr(node.value[::-1] if node.value[::-1] != node.value else node.value + "x").encode())


def apply(data, edits):
    for start, end, new in sorted(edits, reverse=True):
        data = data[:start] + new + data[end:]
    return data


def mutants(row, count, generator):
    """Up to `count` different completions that differ from the reference and still compile."""
    source = Source(row["prompt"] + row["canonical_solution"])
    behind = len(row["prompt"].encode())
    kinds = {}
    for node in ast.walk(ast.parse(source.data)):
        for edit in edits_of(source, node):
            if edit is not None and edit[0] >= behind:
                kinds.setdefault(type(node).__name__, []).append(edit)
    made = {}
    for attempt in range(60 * count):
        edits = 1 if attempt < 40 * count and generator.random() < 0.8 else 2
        # Kinds of edit are equally likely; otherwise most mutants would be the same crude one.
        chosen = [generator.choice(kinds[generator.choice(list(kinds))]) for _ in range(edits)]
        if edits == 2 and max(c[0] for c in chosen) < min(c[1] for c in chosen):
            continue
        program = apply(source.data, chosen)
        try:
            compile(program, "mutant", "exec")
        except (SyntaxError, ValueError):
            continue
        completion = program[behind:].decode()
        if completion != row["canonical_solution"]:
            made.setdefault(completion, None)
        if len(made) == count:
            break
    return list(made)


def main():
    path, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    generator = random.Random(seed)
    with open(path) as rows:
        for row in map(json.loads, rows):
            found = mutants(row, count, generator)
            if not found:
                raise SystemExit(f"{row['task_id']}: nothing to mutate")
            # Every problem has as many epochs: a problem with too few different mutants has its last ones again.
            for epoch in range(count):
                line = {"item": row["task_id"], "epoch": epoch, "response": found[epoch % len(found)]}
                print(json.dumps(line))


if __name__ == "__main__":
    main()
