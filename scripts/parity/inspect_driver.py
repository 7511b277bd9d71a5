"""Runs inspect_evals on a list of jobs and writes what it asked, read and scored.

    python inspect_driver.py jobs.json

jobs.json: {output: file, mirror: {dataset: {config: {split: [files]}}}, jobs: [...]}. A data set that the mirror has is read from
those files; any other is fetched from the Hub as inspect_evals does by itself.
"""

import csv
import importlib
import json
import os
import sys
from pathlib import Path

plan = json.load(open(sys.argv[1]))
# Inspect keeps copies of data sets under their names: those of an earlier mirror must not be found again.
work = os.path.join(os.path.dirname(plan["output"]), "inspect-cache")
os.environ.update(XDG_DATA_HOME=work, XDG_CACHE_HOME=work, INSPECT_DISPLAY="none", PARITY_API_KEY="none")

from importlib.metadata import version

import datasets
import inspect_ai
from inspect_ai.scorer import Score, accuracy, scorer

load_from_hub = datasets.load_dataset


def load_dataset(path, name=None, split=None, data_dir=None, **options):
    configs = plan["mirror"].get(path)
    if configs is None:
        return load_from_hub(path, name, split=split, **options)
    files = configs.get(name or data_dir) if len(configs) > 1 else next(iter(configs.values()))
    if files is None:
        raise ValueError(f"the mirror has no config {name} of {path}, only {', '.join(configs)}")
    first = next(iter(files.values()))[0]
    kind = "parquet" if first.endswith(".parquet") else "json" if ".json" in first else "csv"
    # Where the mirror has no training split, the rows of another one stand for it, as they do on our side.
    return load_from_hub(kind, data_files={"train": next(iter(files.values())), **files}, split=split)


datasets.load_dataset = load_dataset


def mgsm_file(url, sha256, path):
    """The rows of the mirror in the form of the file that inspect_evals would fetch from its publisher."""
    language = url.rsplit("_", 1)[1].split(".")[0]
    rows = load_dataset("juletxara/mgsm", language, split="test")
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="") as output:
        csv.writer(output, dialect="excel-tab").writerows([row["question"], row["answer_number"]] for row in rows)


@scorer(metrics=[accuracy()])
def unjudged():
    """Stands for a scorer that would run programs: only requests are compared then."""

    async def score(state, target):
        return Score(value="I")

    return score


def task_of(job):
    module, name = job["task"].split("/")
    loaded = importlib.import_module(f"inspect_evals.{module}.{module}")
    if module == "mgsm":
        loaded.download = mgsm_file
    replaced = {"scorer": unjudged(), "sandbox": None} if job.get("requestsOnly") else {}
    return getattr(loaded, name)(**job.get("arguments", {}), **replaced)


def spoken(messages):
    """As the server writes messages down."""
    pairs = [{"role": message.role, "content": message.text} for message in messages]
    return json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))


def with_unlike_ids(task):
    """Where a data set's samples share an id, Inspect refuses the task; which of them is which doesn't matter here."""
    seen = {}
    for sample in task.dataset:
        seen[sample.id] = seen.get(sample.id, 0) + 1
        if seen[sample.id] > 1:
            sample.id = f"{sample.id}-{seen[sample.id]}"
    return task


def run(job):
    [log] = inspect_ai.eval(
        with_unlike_ids(task_of(job)),
        model="openai-api/parity/parity",
        model_base_url=job["url"],
        limit=job.get("limit"),
        max_connections=16,
        log_dir=os.path.join(work, "logs"),
        log_format="eval",
        log_realtime=False,
        score_display=False,
        display="none",
        fail_on_error=True,
    )
    if log.status != "success":
        raise RuntimeError(str(log.error))
    [scored] = log.results.scores
    metrics = {name: metric.value for name, metric in scored.metrics.items() if name != "stderr"}
    return {
        "scores": {f"{name},{scored.name}": value for name, value in metrics.items()},
        "samples": [sample_of(sample, scored.name) for sample in log.samples],
    }


def sample_of(sample, name):
    score = sample.scores[name]
    return {
        "doc": str(sample.id),
        "asked": spoken(sample.messages[:-1]),
        "filter": name,
        "arguments": [],
        "answers": [score.answer],
        "metrics": {"accuracy": {"C": 1.0, "I": 0.0, "N": 0.0}[score.value]},
    }


def main():
    with open(plan["output"], "w") as output:
        for job in plan["jobs"]:
            try:
                outcome = run(job)
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                outcome = {"error": f"{type(error).__name__}: {error}"}
            line = {"id": job["id"], "version": version("inspect_evals"), **outcome}
            output.write(json.dumps(line) + "\n")
            output.flush()
            print(job["id"], outcome.get("error", "done"), file=sys.stderr, flush=True)


main()
