import { spawnSync } from "node:child_process";

/**
 * A Python that has the modules, or undefined: Debian's own first, which python3-jinja2 belongs to.
 *
 * @throws Error where there is none and `ASSAY_REQUIRE` names `python`: a test may not be skipped then
 */
export function findPython(modules: readonly string[]): string | undefined {
  const script = modules.map((name) => `import ${name}`).join("\n");
  const found = ["/usr/bin/python3", "python3"].find((python) => spawnSync(python, ["-c", script]).status === 0);
  const isRequired = (process.env.ASSAY_REQUIRE ?? "").split(/[\s,]+/).includes("python");
  if (found === undefined && isRequired) throw new Error(`no python3 with ${modules.join(" and ")} is here`);
  return found;
}

/** Runs a script, JSON in, JSON out. @throws Error with what Python said where it fails */
export function askPython(python: string, args: readonly string[], input: unknown): unknown {
  const result = spawnSync(python, [...args], { input: JSON.stringify(input), maxBuffer: 1 << 30, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`python3 failed: ${result.stderr}`);
  return JSON.parse(result.stdout);
}
