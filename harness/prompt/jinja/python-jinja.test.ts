import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { renderChat } from "../chat-template.ts";
import { compileTemplate, TemplateError } from "../index.ts";
import { askPython, findPython } from "../testing/python.ts";
import { chatDocuments, chatTemplates } from "./testing/chat-corpus.ts";
import { documents, templates } from "./testing/corpus.ts";

const python = findPython(["jinja2"]);
const renderer = join(import.meta.dirname, "testing/render.py");

interface Case {
  template: string;
  document: Record<string, unknown>;
  chat: boolean;
}

type Result = { text: string } | { error: string };

/** What we make of it; only a TemplateError is a refusal. */
function ours({ template, document, chat }: Case): Result {
  const variables = structuredClone(document);
  try {
    return { text: chat ? renderChat(template, variables) : compileTemplate(template).render(variables) };
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.what };
    throw error;
  }
}

/** Templates that jinja2 renders and we refuse, on purpose: each must be in this list, and nothing else. */
const refusedOnPurpose: RegExp[] = [
  /\[missing\] }}|: missing} }}|attribute='no'\) \| list/,
  /3: true/,
  /123456789012345678/,
  /{'items': 1}\.items|lipsum|{{ self|joiner|cycler/,
  /is filter|varargs/,
  /{% block|recursive|autoescape/,
  /numbers \| reverse }}|map\('length'\) }}/,
  /wordwrap|\| escape|filesizeformat|'attr'|xmlattr|pprint|random/,
  /{:e}|0\[0\]|{w}|%e/,
  /tojson|-2 \*\* number|choices \| truncate/,
  /casefold|encode\(|translate\(/,
];

describe.skipIf(!python)("templates mean what Python's jinja2 says", () => {
  const task = templates.flatMap((template) => documents.map((document) => ({ template, document, chat: false })));
  const chat = chatTemplates.flatMap((template) =>
    chatDocuments.map((document) => ({ template, document, chat: true })),
  );

  test.each([
    ["of tasks", task],
    ["of chats", chat],
  ])("templates %s: the same text, or refused as Python refuses, or refused by us on purpose", (_, cases) => {
    const expected = askPython(python as string, [renderer], cases) as Result[];
    const wrong: unknown[] = [];
    cases.forEach((one, index) => {
      const theirs = expected[index] as Result;
      const mine = ours(one);
      if ("text" in theirs && "text" in mine && theirs.text === mine.text) return;
      if ("error" in theirs && "error" in mine) return;
      const mayRefuse = !one.chat && refusedOnPurpose.some((pattern) => pattern.test(one.template));
      if ("error" in mine && mayRefuse) return;
      wrong.push({ template: one.template, python: theirs, ours: mine });
    });
    expect(wrong).toEqual([]);
  });

  test("the corpus is as large as it claims and mostly renders", () => {
    const results = task.map(ours);
    expect(templates.length).toBeGreaterThan(300);
    expect(new Set(templates).size).toBe(templates.length);
    expect(results.filter((result) => "text" in result).length).toBeGreaterThan(1500);
  });
});

test("what isn't spoken is refused with the template and the reason", () => {
  expect(() => compileTemplate("{% include 'other' %}")).toThrow(/include.*not supported/);
  expect(() => compileTemplate("{{ x | nofilter }}")).toThrow(/no filter named "nofilter"/);
  expect(() => compileTemplate("{{ x.y.z }}").render({ x: {} })).toThrow(/"y of \{\}" is not defined/);
  expect(() => compileTemplate("{{ x").render({})).toThrow(/can't be parsed/);
  expect(() => compileTemplate("{{ xs | map('upper') }}").render({ xs: ["a"] })).toThrow(/put `\| list` behind it/);
});
