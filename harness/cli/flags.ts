import type { ExportFormat } from "../record/index.ts";
import { FlagError } from "./flag-error.ts";

/** One command line flag: help text, parser and default come from here and nowhere else. */
export interface FlagSpec {
  /** As commander takes it: `-m, --model <provider/name>`. */
  syntax: string;
  help: string;
  parse?: (text: string, before: unknown) => unknown;
  default?: unknown;
}

const collect = (text: string, before: unknown): string[] => [...((before as string[] | undefined) ?? []), text];

function number(name: string, least: number, whole: boolean) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value) && value >= least && (!whole || Number.isInteger(value)))
      return value;
    throw new FlagError({
      what: `--${name} ${text} isn't ${whole ? "a whole number" : "a number"} of at least ${least}.`,
      fix: `For example: --${name} ${Math.max(least, 10)}`,
    });
  };
}

function oneOf(name: string, ...words: string[]) {
  return (text: string): string => {
    if (words.includes(text)) return text;
    throw new FlagError({
      what: `--${name} ${text} isn't one of ${words.join(", ")}.`,
      fix: `For example: --${name} ${words[0]}`,
    });
  };
}

function price(text: string): { input: number; output: number } {
  const [input = Number.NaN, output = Number.NaN, ...more] = text.split(",").map(Number);
  if (input >= 0 && output >= 0 && more.length === 0) return { input, output };
  throw new FlagError({
    what: `--price ${text} isn't two numbers.`,
    fix: "Dollars a million input tokens, then output tokens: --price 0.15,0.60",
  });
}

const exportFormats: readonly ExportFormat[] = [
  "lm-eval",
  "every-eval-ever",
  "hf-eval-results",
  "model-index",
  "csv",
  "parquet",
];
const relationships = ["first_party", "third_party", "collaborative", "other"] as const;

/** Every flag of every command. A command lists the names of those it takes. */
export const flags = {
  json: { syntax: "--json", help: "strict JSON on stdout, talk on stderr" },
  results: { syntax: "--results <dir>", help: "where records go", default: "results" },
  tasks: { syntax: "--tasks <dir>", help: "further folder of tasks (repeatable)", parse: collect },
  lmEvalTasks: {
    syntax: "--lm-eval-tasks <dir>",
    help: "task folder in lm-evaluation-harness' language; its tasks, groups, tags and patterns are lm-eval:<name>",
  },
  model: { syntax: "-m, --model <provider/name>", help: "model to ask (repeatable)", parse: collect },
  baseUrl: {
    syntax: "--base-url <url>",
    help: "endpoint of an OpenAI-compatible server (default: the provider's own)",
  },
  chatTemplate: {
    syntax: "--chat-template <file>",
    help: "tokenizer_config.json whose template turns chat messages into text for a completions endpoint",
  },
  shots: { syntax: "--shots <n>", help: "number of few-shot examples", parse: number("shots", 0, true) },
  seed: { syntax: "--seed <n>", help: "seed of shots, sampling and baselines", parse: number("seed", 0, true) },
  epochs: { syntax: "--epochs <n>", help: "times each item is asked", parse: number("epochs", 1, true) },
  k: {
    syntax: "--k <list>",
    help: "k of pass@k, for example 1,5,10",
    parse: (text: string) => text.split(",").map(number("k", 1, true)),
  },
  set: {
    syntax: "--set <path=value>",
    help: "override any field of the protocol (repeatable), e.g. generate.temperature=0.7",
    parse: collect,
  },
  limit: {
    syntax: "--limit <n>",
    help: "only the first n items; the run is marked partial and never ranked",
    parse: number("limit", 1, true),
  },
  concurrency: {
    syntax: "--concurrency <n>",
    help: "fixed number of requests at once (default: adaptive)",
    parse: number("concurrency", 1, true),
  },
  rpm: { syntax: "--rpm <n>", help: "requests a minute at most", parse: number("rpm", 1, false) },
  tpm: { syntax: "--tpm <n>", help: "tokens a minute at most", parse: number("tpm", 1, false) },
  timeout: {
    syntax: "--timeout <seconds>",
    help: "time for one request",
    parse: number("timeout", 0.01, false),
    default: 600,
  },
  retries: {
    syntax: "--retries <n>",
    help: "times a failed request is tried again",
    parse: number("retries", 0, true),
    default: 6,
  },
  maxCost: {
    syntax: "--max-cost <usd>",
    help: "stop cleanly before spending more",
    parse: number("max-cost", 0, false),
  },
  maxRequests: {
    syntax: "--max-requests <n>",
    help: "stop cleanly after n requests",
    parse: number("max-requests", 1, true),
  },
  price: {
    syntax: "--price <in,out>",
    help: "US dollars a million tokens in and out, where no list price is known",
    parse: price,
  },
  noCache: { syntax: "--no-cache", help: "neither read nor write the response cache" },
  dryRun: { syntax: "--dry-run", help: "print what would be asked and what it would take; ask nothing" },
  gate: {
    syntax: "--gate <value>",
    help: "exit with 1 if a primary score is below this, in the score's own unit (0.5 for 50 %)",
    parse: number("gate", 0, false),
  },
  corpus: {
    syntax: "--corpus <path>",
    help: "file or folder of text to look through: .txt .md .jsonl .json .csv .tsv (also .gz, .zst), .parquet (repeatable)",
    parse: collect,
  },
  run: {
    syntax: "--run <run>",
    help: "finished run whose score is compared without the items found (repeatable)",
    parse: collect,
  },
  item: { syntax: "--item <n|id>", help: "which item: its position or its id", default: "0" },
  diff: { syntax: "--diff <task@protocol>", help: "show what differs from another protocol" },
  out: { syntax: "--out <dir>", help: "where the site goes", default: "dist/site" },
  base: { syntax: "--base <path>", help: "path that the site is served under", default: "/" },
  previous: {
    syntax: "--previous <site>",
    help: "folder or URL of the site that this one follows, or none (default: the one in --out)",
  },
  port: { syntax: "--port <n>", help: "port of the local server", parse: number("port", 0, true), default: 4321 },
  format: {
    syntax: "--format <name>",
    help: `what to write: ${exportFormats.join(", ")}`,
    parse: oneOf("format", ...exportFormats),
  },
  organization: { syntax: "--organization <name>", help: "who evaluated (every-eval-ever asks for it)" },
  relationship: {
    syntax: "--relationship <kind>",
    help: `how they stand to the model's maker: ${relationships.join(", ")}`,
    parse: oneOf("relationship", ...relationships),
  },
  exportDir: { syntax: "--out <dir>", help: "where the files go", default: "exports" },
  olderThan: {
    syntax: "--older-than <days>",
    help: "entries not used for so many days",
    parse: number("older-than", 0, false),
  },
  sandboxRuntime: {
    syntax: "--sandbox-runtime <name>",
    help: "container runtime for generated code, as `runsc` for gVisor; it must be registered with the engine",
  },
  language: {
    syntax: "--language <name>",
    help: "build the image of a language with tools of its own: cpp, go, rust or java",
  },
  from: {
    syntax: "--from <registry|debian>",
    help: "where base images come from; without it the Debian archive is used if no registry answers",
    parse: oneOf("from", "registry", "debian"),
  },
  pythonImage: { syntax: "--python-image <name@sha256:…>", help: "base image with Python, pinned by digest" },
  nodeImage: { syntax: "--node-image <name@sha256:…>", help: "base image with Node, pinned by digest" },
  all: { syntax: "--all", help: "everything" },
} satisfies Record<string, FlagSpec>;

export type FlagName = keyof typeof flags;

/** Parsed flags as commander hands them over. */
export interface Options {
  json?: boolean;
  results: string;
  tasks?: string[];
  lmEvalTasks?: string;
  model?: string[];
  baseUrl?: string;
  chatTemplate?: string;
  shots?: number;
  seed?: number;
  epochs?: number;
  k?: number[];
  set?: string[];
  limit?: number;
  concurrency?: number;
  rpm?: number;
  tpm?: number;
  timeout: number;
  retries: number;
  maxCost?: number;
  maxRequests?: number;
  price?: { input: number; output: number };
  cache: boolean;
  dryRun?: boolean;
  corpus?: string[];
  run?: string[];
  gate?: number;
  item: string;
  diff?: string;
  out: string;
  base: string;
  previous?: string;
  port: number;
  format?: ExportFormat;
  organization?: string;
  relationship?: (typeof relationships)[number];
  olderThan?: number;
  sandboxRuntime?: string;
  language?: string;
  from?: "registry" | "debian";
  pythonImage?: string;
  nodeImage?: string;
  all?: boolean;
}
