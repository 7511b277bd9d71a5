import type { FlagName, Options } from "./flags.ts";
import type { Terminal } from "./terminal.ts";

/** What a command file exports: parse and print are done by the shell, the exit code is returned. */
export interface CommandModule {
  run(args: string[], options: Options, terminal: Terminal): Promise<number>;
}

export interface CommandSpec {
  /** Name and arguments as commander takes them. */
  syntax: string;
  summary: string;
  flags: readonly FlagName[];
  examples: readonly string[];
  load(): Promise<CommandModule>;
}

const protocolFlags = ["shots", "seed", "epochs", "k", "set", "limit", "tasks", "lmEvalTasks"] as const;
const modelFlags = [
  "model",
  "baseUrl",
  "chatTemplate",
  "concurrency",
  "rpm",
  "tpm",
  "timeout",
  "retries",
  "maxCost",
  "maxRequests",
  "price",
  "noCache",
] as const;

/** Every command. Its file is imported only when it is called. */
export const commands: readonly CommandSpec[] = [
  {
    syntax: "quickstart",
    summary: "run our own starter tasks over the baselines and build the site: no key, no download",
    flags: ["results", "out", "json"],
    examples: ["assay quickstart"],
    load: () => import("./commands/quickstart.ts"),
  },
  {
    syntax: "run <task[@protocol]...>",
    summary: "ask models and record scores; the same command resumes",
    flags: [...modelFlags, ...protocolFlags, "sandboxRuntime", "results", "dryRun", "gate", "json"],
    examples: [
      "assay run gsm8k mmlu arc_challenge --model openai/gpt-4o-mini",
      "assay run mmlu@lm-eval --shots 5 --model completions/my-model --base-url http://localhost:8000/v1",
      "assay run gsm8k --model baseline/ngram --limit 20",
      "assay run lm-eval:hellaswag lm-eval:mmlu_stem --lm-eval-tasks ./lm-evaluation-harness --model completions/my-model --base-url …",
    ],
    load: () => import("./commands/run.ts"),
  },
  {
    syntax: "show <task[@protocol]>",
    summary: "print exactly what would be sent for an item, and how the answer is read",
    flags: ["item", "diff", ...protocolFlags, "json"],
    examples: ["assay show gsm8k --item 3", "assay show mmlu@lm-eval --diff mmlu@chat-cot"],
    load: () => import("./commands/show.ts"),
  },
  {
    syntax: "protocol <lint> [task[@protocol]...]",
    summary: "find what makes a protocol's scores worse or other than they seem",
    flags: ["tasks", "json"],
    examples: ["assay protocol lint gsm8k", "assay protocol lint mmlu@lm-eval bbh", "assay protocol lint"],
    load: () => import("./commands/protocol.ts"),
  },
  {
    syntax: "contamination <task[@protocol]>",
    summary: "look for a benchmark's items in a corpus, and say what finding them does to a run's score",
    flags: ["corpus", "run", "tasks", "lmEvalTasks", "results", "json"],
    examples: [
      "assay contamination gsm8k --corpus training-data/",
      "assay contamination mmlu@lm-eval --corpus shard-000.jsonl.zst --corpus notes/ --run <run>",
    ],
    load: () => import("./commands/contamination.ts"),
  },
  {
    syntax: "tasks [task]",
    summary: "list tasks, or a task's card and protocols; what of a task folder of lm-evaluation-harness can be run",
    flags: ["tasks", "lmEvalTasks", "json"],
    examples: [
      "assay tasks",
      "assay tasks gsm8k",
      "assay tasks --lm-eval-tasks ./lm-evaluation-harness",
      "assay tasks lm-eval:ifeval --lm-eval-tasks ./lm-evaluation-harness",
    ],
    load: () => import("./commands/tasks.ts"),
  },
  {
    syntax: "score <run>",
    summary: "score a run's recorded responses again, without the model, and print what changed",
    flags: ["set", "k", "sandboxRuntime", "results", "json"],
    examples: [
      "assay score gsm8k-lm-eval-openai-gpt-4o-mini-0f3c9a1b2d",
      "assay score <run> --set primary.filter=flexible-extract",
    ],
    load: () => import("./commands/score.ts"),
  },
  {
    syntax: "export <run...>",
    summary: "write runs in other projects' formats, and say what those can't hold",
    flags: ["format", "exportDir", "organization", "relationship", "results", "json"],
    examples: [
      "assay export <run> --format lm-eval",
      "assay export <run> --format parquet --out tables",
      "assay export <run> --format every-eval-ever --organization 'My Lab' --relationship third_party",
    ],
    load: () => import("./commands/export.ts"),
  },
  {
    syntax: "import <path...>",
    summary: "take in results of lm-evaluation-harness (with samples) and logs of Inspect, beside our own runs",
    flags: ["results", "json"],
    examples: ["assay import output/my-model", "assay import logs/2026-11-01_gsm8k.eval"],
    load: () => import("./commands/import.ts"),
  },
  {
    syntax: "data <pull|ls> [task...]",
    summary: "fetch the data of tasks, or list what is on this disk",
    flags: ["tasks", "lmEvalTasks", "json"],
    examples: ["assay data pull gsm8k mmlu", "assay data pull lm-eval:mmlu_stem --lm-eval-tasks …", "assay data ls"],
    load: () => import("./commands/data.ts"),
  },
  {
    syntax: "cache <ls|prune>",
    summary: "look at or shrink the response cache",
    flags: ["olderThan", "all", "model", "json"],
    examples: ["assay cache ls", "assay cache prune --older-than 30"],
    load: () => import("./commands/cache.ts"),
  },
  {
    syntax: "site <build|dev|check|publish> [destination] [target]",
    summary: "make the leaderboard from run records, serve it, check a built one, or publish it",
    flags: ["results", "out", "base", "previous", "port", "json"],
    examples: [
      "assay site build --results results --out dist/site",
      "assay site dev",
      "assay site check https://you.example/leaderboard/",
      "assay site publish hf-space owner/leaderboard",
    ],
    load: () => import("./commands/site.ts"),
  },
  {
    syntax: "sandbox <status|build|prune>",
    summary: "the container sandbox that runs generated code",
    flags: ["language", "from", "pythonImage", "nodeImage", "json"],
    examples: ["assay sandbox status", "assay sandbox build", "assay sandbox build --language cpp --from debian"],
    load: () => import("./commands/sandbox.ts"),
  },
  {
    syntax: "doctor",
    summary: "say what works here: Node, container engine, keys, Hub, disk",
    flags: ["json"],
    examples: ["assay doctor"],
    load: () => import("./commands/doctor.ts"),
  },
  {
    syntax: "schema [dir]",
    summary: "print the JSON Schemas of tasks, protocols and records, or write them into a folder",
    flags: [],
    examples: ["assay schema tasks/.schema"],
    load: () => import("./commands/schema.ts"),
  },
];
