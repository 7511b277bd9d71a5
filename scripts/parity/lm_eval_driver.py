"""Runs lm-evaluation-harness on a list of jobs and writes what it asked, read and scored.

    python lm_eval_driver.py jobs.json

jobs.json: {tokenizer: folder to make, output: file, mirror: {dataset: {config: {split: [files]}}}, jobs: [...]}. A data set
that the mirror has is read from those files; any other is fetched from the Hub as lm-eval does by itself.
"""

import json
import logging
import os
import subprocess
import sys

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("HF_ALLOW_CODE_EVAL", "0")
os.environ.setdefault("OPENAI_API_KEY", "none")

import datasets
import evaluate
import lm_eval
from lm_eval.tasks import TaskManager

logging.getLogger().setLevel(logging.ERROR)
plan = json.load(open(sys.argv[1]))
job_now = {}
load_from_hub = datasets.load_dataset

# The same rows under another name, and what lm-eval calls their columns there.
ALIASES = {
    "SaylorTwift/bbh": "lukaemon/bbh",
    "hails/mmlu_no_train": "cais/mmlu",
    "aps/super_glue": "google/boolq",
}
RESHAPE = {"aps/super_glue": lambda row: {"label": int(row["answer"])}}


class NoCodeRuns:
    """Stands for the metric that would run programs here: where it is needed, only requests are compared."""

    def compute(self, **_):
        return {"pass@1": 0.0}, {}


evaluate.load = lambda *_, **__: NoCodeRuns()


def load_dataset(path, name=None, **options):
    source = ALIASES.get(path, path)
    configs = plan["mirror"].get(source)
    if configs is None:
        return load_from_hub(path, name, **options)
    files = configs.get(name) if len(configs) > 1 else next(iter(configs.values()))
    if files is None:
        raise FileNotFoundError(f"the mirror has no config {name} of {path}, only {', '.join(configs)}")
    first = next(iter(files.values()))[0]
    kind = "parquet" if first.endswith(".parquet") else "json" if ".json" in first else "csv"
    # Some tasks name a training split that the mirror hasn't got; at zero shots nothing is drawn from it.
    rows = load_from_hub(kind, data_files={"train": next(iter(files.values())), **files})
    without = job_now.get("without")
    if without is not None:
        rows = rows.filter(lambda row: not set(row[without["column"]]) & set(without["values"]))
    return rows.map(RESHAPE[path]) if path in RESHAPE else rows


datasets.load_dataset = load_dataset


def make_tokenizer(folder):
    """One token a byte, with the byte as its id: the server reads ids back into text without a tokenizer of its own."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    names = {byte: chr(byte) for byte in visible}
    for byte in range(256):
        if byte not in names:
            names[byte] = chr(256 + len(names) - len(visible))
    tokenizer = Tokenizer(models.BPE(vocab={names[byte]: byte for byte in range(256)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken("<|end|>", special=True)])
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>").save_pretrained(folder)


def model_of(job):
    common = {"model": "parity", "num_concurrent": 8, "max_retries": 1, "max_length": 10_000_000}
    if job["kind"] == "chat":
        return "local-chat-completions", {**common, "base_url": job["url"] + "/chat/completions"}
    common["base_url"] = job["url"] + "/completions"
    if job["kind"] == "likelihood":
        return "local-completions", {**common, "tokenizer_backend": "huggingface", "tokenizer": plan["tokenizer"]}
    return "local-completions", {**common, "tokenizer_backend": None}


def plain(value):
    """What JSON can hold."""
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value if isinstance(value, (str, int, float, bool, dict, type(None))) else str(value)


def numbers(scores):
    return {key: value for key, value in scores.items() if isinstance(value, (int, float))}


def run(job, manager):
    job_now.clear()
    job_now.update(job)
    if job.get("cached"):
        subprocess.run([sys.executable, __file__, sys.argv[1], "--only-prepare", job["id"]], check=True)
    model, arguments = model_of(job)
    results = lm_eval.simple_evaluate(
        model=model,
        model_args=arguments,
        tasks=[job["task"]],
        num_fewshot=job.get("shots"),
        limit=job.get("limit"),
        apply_chat_template=job["kind"] == "chat",
        fewshot_as_multiturn=job["kind"] == "chat",
        task_manager=manager,
        bootstrap_iters=0,
        log_samples=True,
        predict_only=job.get("requestsOnly", False),
        confirm_run_unsafe_code=job.get("requestsOnly", False),
    )
    if job.get("groups"):
        return {"scores": {}, "groups": {name: numbers(scores) for name, scores in results["groups"].items()}, "samples": []}
    samples = results["samples"][job["task"]]
    samples.sort(key=lambda sample: sample["doc_id"])
    return {
        "scores": numbers(results["results"][job["task"]]),
        "samples": [
            {
                "doc": sample["doc_id"],
                "filter": sample["filter"],
                "arguments": [[plain(part) for part in request] for request in sample["arguments"]],
                "answers": plain(sample["filtered_resps"]),
                "metrics": {name: plain(sample[name]) for name in sample["metrics"]},
            }
            for sample in samples
        ],
    }


def prepare_only(id):
    """Lets the datasets library keep a task's processed rows, as after an earlier run."""
    job_now.update(next(job for job in plan["jobs"] if job["id"] == id))
    TaskManager().load(job_now["task"])


def main():
    if "--only-prepare" in sys.argv:
        return prepare_only(sys.argv[-1])
    if any(job["kind"] == "likelihood" for job in plan["jobs"]):
        make_tokenizer(plan["tokenizer"])
    manager = TaskManager()
    with open(plan["output"], "w") as output:
        for job in plan["jobs"]:
            try:
                outcome = run(job, manager)
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                outcome = {"error": f"{type(error).__name__}: {error}"}
            output.write(json.dumps({"id": job["id"], "version": lm_eval.__version__, **outcome}) + "\n")
            output.flush()
            print(job["id"], outcome.get("error", "done"), file=sys.stderr, flush=True)


main()
