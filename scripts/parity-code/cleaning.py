"""Compares our cutting of programs out of answers with EvalPlus' cleaner, on reference solutions amid chatter.

    python3 cleaning.py rows.jsonl        (rows as compare.ts writes them; needs evalplus 0.3.1 and node)

Two programs agree when Python parses them to the same tree.
"""

import ast
import json
import pathlib
import random
import subprocess
import sys

from evalplus.sanitize import sanitize

BEFORE = ["Sure! Here's a solution:\n\n", "Let me think. It's easy, isn't it?\n\n1. Parse (the input\n2. Loop\n\n", "", "# Solution\n\n",
          "The function uses `sorted` from the standard library.\n"]
AFTER = ["\n\nThis works because it's O(n).", "", "\n\nExample:\n\n```python\nprint({name}(1))\n```\n", "\n\n```\nOutput: 3\n```",
         "\nNote: don't call it with None (it would fail"]
HEADS = ["", "import math\nimport os, sys\n", "from collections import defaultdict, Counter\n\n",
         "# helpers\nCONST = {'a': 1,\n         'b': 2}\n\n"]
TAILS = ["", "\n\nprint({name}([1, 2]))\n", "\n\nif __name__ == \"__main__\":\n    import doctest\n    doctest.testmod()\n",
         "\n\n# Test cases\nassert {name} is not None\nassert True, \"it's ok\"\n", "\n\ndef unused(x):\n    return x\n",
         "\n\nclass Extra:\n    pass\n\nRESULT = 5\n"]


def answer(row, generator):
    """A reference solution as a talkative model might give it, with or without a code block."""
    name = row["entry_point"]
    code = generator.choice(HEADS) + row["prompt"] + row["canonical_solution"] + generator.choice(TAILS).replace("{name}", name)
    fenced = f"```{generator.choice(['python', 'py', '', 'Python'])}\n{code}\n```" if generator.random() < 0.85 else code
    return {"entryPoint": name, "text": generator.choice(BEFORE) + fenced + generator.choice(AFTER).replace("{name}", name)}


def tree(program):
    try:
        return ast.dump(ast.parse(program or ""))
    except SyntaxError as problem:
        return str(problem)


def main():
    generator = random.Random(3)
    with open(sys.argv[1]) as rows:
        answers = [answer(row, generator) for row in map(json.loads, rows) for _ in range(3)]
    script = pathlib.Path(__file__).with_name("clean.ts")
    ours = json.loads(subprocess.run(["node", script], input=json.dumps(answers), capture_output=True, text=True, check=True).stdout)
    differing = [one for one, mine in zip(answers, ours) if tree(mine) != tree(sanitize(one["text"], one["entryPoint"]))]
    print(f"the same program {len(answers) - len(differing)}/{len(answers)}")
    for one in differing[:5]:
        print(one["entryPoint"], repr(one["text"]))
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
