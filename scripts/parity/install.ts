import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The release that our lm-eval protocols name as their source. */
export const lmEvalVersion = "0.4.13";

/** The releases that our inspect protocols name as their source. */
export const inspectVersions = { inspect_evals: "0.26.0", inspect_ai: "0.3.285" };

/** Where both references, lm-eval's tokenizer and their copies of data sets live. */
export const cacheFolder = process.env.ASSAY_PARITY_CACHE ?? join(homedir(), ".cache", "assay-parity");

/**
 * Installs lm-evaluation-harness into a virtual environment of its own, once. The API models need neither torch nor a GPU.
 *
 * @returns its Python
 * @throws Error with pip's last words where the machine has no Python 3.10 or no registry
 */
export function installLmEval(): string {
  return install("venv", { "lm-eval": lmEvalVersion }, [
    `lm-eval[api]==${lmEvalVersion}`,
    "transformers",
    "sympy",
    "math-verify",
    "antlr4-python3-runtime==4.11.0",
    "langdetect",
    "immutabledict",
    "nltk",
  ]);
}

/**
 * Installs Inspect and inspect_evals into a virtual environment of their own, once.
 *
 * @returns its Python
 * @throws Error with pip's last words where the machine has no Python 3.11 or no registry
 */
export function installInspect(): string {
  const packages = Object.entries(inspectVersions).map(([name, version]) => `${name}==${version}`);
  return install("inspect", inspectVersions, [...packages, "openai"]);
}

function install(folder: string, versions: Readonly<Record<string, string>>, packages: readonly string[]): string {
  const venv = join(cacheFolder, folder);
  const python = join(venv, "bin", "python");
  const checks = Object.entries(versions).map(([name, version]) => `version("${name}") == "${version}"`);
  const check = `from importlib.metadata import version; assert ${checks.join(" and ")}`;
  if (existsSync(python) && spawnSync(python, ["-c", check]).status === 0) return python;
  mkdirSync(cacheFolder, { recursive: true });
  must("python3", ["-m", "venv", venv]);
  must(python, ["-m", "pip", "install", "--quiet", ...packages]);
  return python;
}

function must(command: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "inherit", "pipe"],
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${(error?.message ?? stderr).slice(-2000)}`);
}
