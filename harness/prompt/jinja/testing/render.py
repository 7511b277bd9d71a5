"""Renders templates with Python's own jinja2: one JSON list of cases on stdin, one JSON list of results on stdout.

The environments are those of lm-evaluation-harness (a task's templates) and of transformers (chat templates).
"""

import json
import re
import sys

import jinja2
import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment


def regex_replace(string, pattern, repl, count=0):
    return re.sub(pattern, repl, string, count=count)


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


task = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
task.filters["regex_replace"] = regex_replace
chat = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols])
chat.filters["tojson"] = lambda x, indent=None: json.dumps(x, ensure_ascii=False, indent=indent)
chat.globals["raise_exception"] = raise_exception


def render(case):
    environment = chat if case.get("chat") else task
    try:
        text = environment.from_string(case["template"]).render(**case["document"])
        # What can't be written as UTF-8 can't be compared.
        text.encode("utf-8")
        return {"text": text}
    except Exception as error:
        return {"error": type(error).__name__ + ": " + str(error)}


print(json.dumps([render(case) for case in json.load(sys.stdin)]))
