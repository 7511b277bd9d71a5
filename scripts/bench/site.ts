/**
 * Time, memory and bytes of building the site, and how they grow. CPU time is of all threads of a build.
 *
 * node scripts/bench/site.ts [--runs 10,100,1000] [--tasks 50] [--items 100] [--samples 1000000] [--keep]
 *
 * First N runs, spread evenly over the tasks, each with its samples; every build in a process of its own. Then, with
 * `--samples`, ten runs of one task that have so many samples together. Records are made up and honest: every rule runs.
 * `--keep` keeps the folders.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type MadeWorld, makeResults } from "../../site/testing/make-results.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10,100,1000" },
    tasks: { type: "string", default: "50" },
    items: { type: "string", default: "100" },
    samples: { type: "string", default: "0" },
    keep: { type: "boolean", default: false },
  },
});

interface Size {
  label: string;
  world: MadeWorld;
}

function worldOf(models: number, tasks: number, items: number): MadeWorld {
  return {
    models: Array.from({ length: models }, (_, index) => ({
      name: `maker-${index % 7}/model-${index}`,
      skill: -1 + (3 * index) / Math.max(1, models),
      costPerSample: index % 3 === 0 ? null : 0.0001 * (1 + index),
      milliseconds: 200 + 10 * index,
    })),
    tasks: Array.from({ length: tasks }, (_, index) => ({
      id: `task-${index}`,
      items,
      difficulty: (index % 5) / 4 - 0.5,
    })),
    seed: 5,
  };
}

function sizes(): Size[] {
  const tasks = Number(values.tasks);
  const grown = values.runs
    .split(",")
    .map(Number)
    .map((runs) => {
      const used = Math.min(tasks, runs);
      return {
        label: `${runs} runs x ${used} tasks`,
        world: worldOf(Math.ceil(runs / used), used, Number(values.items)),
      };
    });
  const samples = Number(values.samples);
  return samples > 0 ? [...grown, { label: `${samples} samples`, world: worldOf(10, 1, samples / 10) }] : grown;
}

function folderSize(folder: string): { bytes: number; files: number } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return {
    files: files.length,
    bytes: files.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0),
  };
}

const site = fileURLToPath(new URL("../../site/index.ts", import.meta.url));
const program = `
const { buildSite } = await import(${JSON.stringify(site)});
const started = performance.now();
const built = await buildSite({ results: process.argv[1], out: process.argv[2] });
const { user, system } = process.cpuUsage();
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ ...built, seconds, cpu: (user + system) / 1e6, peak: process.resourceUsage().maxRSS * 1024 }));
`;

/** Builds in a fresh process, so that memory is that of one build. */
function build(results: string, out: string): { seconds: number; cpu: number; peak: number; pages: number } {
  const child = spawnSync(process.execPath, ["--input-type=module", "-e", program, results, out], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (child.status !== 0) throw new Error(child.stderr.slice(-4000));
  return JSON.parse(child.stdout);
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

console.log(
  "what                       samples   build      cpu        peak       pages   files    site      largest page",
);
for (const { label, world } of sizes()) {
  const root = mkdtempSync(join(tmpdir(), "assay-bench-site-"));
  const [results, out] = [join(root, "results"), join(root, "site")];
  const records = await makeResults(results, world);
  const samples = records.reduce(
    (sum, record) => sum + record.samples.reduce((all, shard) => all + shard.samples, 0),
    0,
  );
  const { seconds, cpu, peak, pages } = build(results, out);
  const { bytes, files } = folderSize(out);
  const largest = Math.max(
    ...readdirSync(out, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith(".html"))
      .map((name) => statSync(join(out, name)).size),
  );
  const cells = [
    label.padEnd(25),
    String(samples).padStart(8),
    `${seconds.toFixed(1)} s`.padStart(8),
    `${cpu.toFixed(1)} s`.padStart(8),
  ];
  cells.push(
    megabytes(peak).padStart(11),
    String(pages).padStart(7),
    String(files).padStart(7),
    megabytes(bytes).padStart(10),
  );
  console.log([...cells, `${(largest / 1000).toFixed(0)} kB`.padStart(9)].join(" "));
  if (values.keep) console.log(`  kept in ${root}`);
  else rmSync(root, { recursive: true, force: true });
}
