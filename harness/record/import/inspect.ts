import { basename } from "node:path";
import { InputError, type JsonObject, type Score } from "../../contracts/index.ts";
import { checkForeign, type ForeignFile, parsePythonJson } from "./foreign-files.ts";
import { type ForeignRun, notRecorded } from "./imported-run.ts";
import { inspectJudge } from "./inspect-judge.ts";
import { inspectSamples } from "./inspect-samples.ts";
import { type InspectLog, type InspectSample, inspectLogSchema, inspectSampleSchema } from "./inspect-schema.ts";
import { ZipArchive } from "./zip.ts";

/** The run in a log of Inspect: `.json`, or the `.eval` archive. @throws InputError where it was never finished */
export function readInspect(file: ForeignFile): ForeignRun {
  const { header, samples } = file.path.endsWith(".eval") ? fromArchive(file) : fromJson(file);
  if (!header.results) {
    throw new InputError({
      code: "IMPORT_UNFINISHED",
      what: `${file.path} has no results: its status is "${header.status}".`,
      fix: "Finish the evaluation first (inspect eval-retry), then import its log.",
    });
  }
  return runOf(header, samples, file);
}

interface Log {
  header: InspectLog;
  samples: InspectSample[];
}

function fromJson(file: ForeignFile): Log {
  const value = parsePythonJson(file.bytes.toString("utf8"), file.path);
  const header = checkForeign(inspectLogSchema, value, { path: file.path, what: "a log of Inspect" });
  return { header, samples: (header.samples ?? []).map((sample) => checkSample(sample, file.path)) };
}

function fromArchive(file: ForeignFile): Log {
  const archive = new ZipArchive(file.bytes, file.path);
  const read = (name: string) => {
    try {
      return parsePythonJson(archive.read(name).toString("utf8"), `${file.path}: ${name}`);
    } catch (cause) {
      if (cause instanceof InputError) throw cause;
      throw new InputError({
        code: "IMPORT_NOT_ZIP",
        what: `${name} can't be read from ${file.path}.`,
        why: cause instanceof Error ? cause.message : String(cause),
        fix: "Convert it with `inspect log convert --to json`, and import that.",
        cause,
      });
    }
  };
  if (!archive.names.includes("header.json")) {
    throw new InputError({
      code: "IMPORT_UNFINISHED",
      what: `${file.path} has no header: the evaluation was never finished.`,
      fix: "Finish it first (inspect eval-retry), then import its log.",
    });
  }
  const header = checkForeign(inspectLogSchema, read("header.json"), { path: file.path, what: "a log of Inspect" });
  const names = archive.names.filter((name) => /^samples\/[^/]+\.json$/.test(name));
  return { header, samples: names.map((name) => checkSample(read(name), `${file.path}: ${name}`)) };
}

function checkSample(value: unknown, path: string): InspectSample {
  return checkForeign(inspectSampleSchema, value, { path, what: "a sample of Inspect" });
}

function runOf(log: InspectLog, samples: readonly InspectSample[], file: ForeignFile): ForeignRun {
  const { dataset, packages, config, created } = log.eval;
  const generate = { ...log.eval.model_generate_config, ...log.plan?.config };
  const distinct = new Set(samples.map((sample) => String(sample.id))).size;
  const items = distinct || Math.round((log.results?.total_samples ?? 0) / (config?.epochs ?? 1));
  const scores = scoresOf(log, items);
  const [provider = "", ...name] = log.eval.model.split("/");
  const judge = inspectJudge(log);
  const startedAt = log.stats?.started_at || created;
  const isHub = /^[\w.-]+\/[\w.-]+$/.test(dataset?.location ?? "");
  return {
    task: log.eval.task,
    title: log.eval.task,
    library: "inspect_ai",
    version: packages?.inspect_ai ?? notRecorded,
    file: basename(file.path),
    fileSha256: file.sha256,
    model: {
      provider,
      name: name.join("/"),
      baseUrl: log.eval.model_base_url ?? null,
      options: jsonObject(log.eval.model_args ?? {}),
    },
    protocol: {
      method: "generate",
      layout: "chat",
      question: notRecorded,
      system: generate.system_message ?? "",
      generate: {
        maxTokens: generate.max_tokens ?? null,
        temperature: generate.temperature ?? null,
        topP: generate.top_p ?? null,
        topK: generate.top_k ?? null,
        minP: null,
        frequencyPenalty: null,
        presencePenalty: null,
        seed: generate.seed ?? null,
        reasoningEffort: generate.reasoning_effort ?? null,
        stop: generate.stop_seqs ?? [],
        extra: {},
      },
      epochs: config?.epochs ?? 1,
    },
    metrics: [...new Set(scores.map((score) => score.metric))].map((id) => ({
      metric: "reported" as const,
      id,
      by: "inspect_ai",
      options: {},
    })),
    dataset: {
      repo: isHub ? (dataset?.location ?? null) : null,
      revision: null,
      config: null,
      split: dataset?.name ?? notRecorded,
      rows: dataset?.samples ?? items,
      items,
    },
    judge: judge && jsonObject(judge),
    limit: typeof config?.limit === "number" ? config.limit : null,
    unknown: [
      "dataset.revision",
      "dataset.config",
      "chatTemplate",
      ...["question", "answer", "shots", "extract", "metrics", "multiturn", "description"].map(
        (field) => `protocol.${field}`,
      ),
    ],
    scores,
    samples: inspectSamples(samples, {
      stop: generate.stop_seqs ?? [],
      temperature: generate.temperature ?? null,
      maxTokens: generate.max_tokens ?? null,
      scores: scores.map(({ metric, filter }) => ({ metric, filter })),
    }),
    startedAt: new Date(startedAt).toISOString(),
    seconds: secondsBetween(startedAt, log.stats?.completed_at),
    details: {
      plan: jsonObject({ steps: log.plan?.steps ?? [] }),
      status: log.status,
      taskVersion: jsonObject({ version: log.eval.task_version ?? null }).version ?? null,
    },
  };
}

function jsonObject(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

function secondsBetween(from: string, to: string | null | undefined): number {
  const seconds = to ? (Date.parse(to) - Date.parse(from)) / 1000 : 0;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
}

/** Every metric of every scorer but errors of metrics, which stand beside them. */
function scoresOf({ results }: InspectLog, items: number): Omit<Score, "ci">[] {
  return (results?.scores ?? []).flatMap(({ name, metrics, scored_samples }) => {
    const stderr = metrics.stderr?.value ?? null;
    return Object.entries(metrics)
      .filter(([metric]) => metric !== "stderr")
      .map(([metric, { value }]) => ({
        metric,
        filter: name,
        group: "all",
        value,
        unit:
          metric === "accuracy" || (metric === "mean" && value !== null && value >= 0 && value <= 1)
            ? ("proportion" as const)
            : ("points" as const),
        lowerIsBetter: false,
        n: scored_samples ?? results?.completed_samples ?? items,
        items,
        unparsed: 0,
        stderr: metric === "accuracy" || metric === "mean" ? stderr : null,
      }));
  });
}
