import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The release that our lm-eval protocols name as their source. */
export const lmEvalVersion = "0.4.13";

/** Where lm-eval, its tokenizer and its copies of data sets live. */
export const cacheFolder = process.env.ASSAY_PARITY_CACHE ?? join(homedir(), ".cache", "assay-parity");

/**
 * Installs lm-evaluation-harness into a virtual environment of its own, once. The API models need neither torch nor a GPU.
 *
 * @returns its Python
 * @throws Error with pip's last words where the machine has no Python 3.10 or no registry
 */
export function installLmEval(): string {
  const venv = join(cacheFolder, "venv");
  const python = join(venv, "bin", "python");
  if (
    existsSync(python) &&
    spawnSync(python, ["-c", `import lm_eval; assert lm_eval.__version__ == "${lmEvalVersion}"`]).status === 0
  )
    return python;
  mkdirSync(cacheFolder, { recursive: true });
  must("python3", ["-m", "venv", venv]);
  must(python, [
    "-m",
    "pip",
    "install",
    "--quiet",
    `lm-eval[api]==${lmEvalVersion}`,
    "transformers",
    "sympy",
    "math-verify",
    "antlr4-python3-runtime==4.11.0",
    "langdetect",
    "immutabledict",
    "nltk",
  ]);
  return python;
}

function must(command: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    stdio: ["ignore", "inherit", "pipe"],
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${(error?.message ?? stderr).slice(-2000)}`);
}
