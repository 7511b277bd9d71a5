import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const MODULES = fileURLToPath(new URL("./python/", import.meta.url));

function python(program: string): unknown {
  const output = execFileSync("python3", [
    "-B",
    "-c",
    `import sys\nsys.path.insert(0, ${JSON.stringify(MODULES)})\n${program}`,
  ]);
  return JSON.parse(output.toString());
}

const hasPython = (() => {
  try {
    return python("print(1)") === 1;
  } catch {
    console.warn("skipped, there is no python3 here");
    return false;
  }
})();

describe.skipIf(!hasPython)("counters of a control group", () => {
  const folder = mkdtempSync(join(tmpdir(), "assay-cgroup-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return JSON.stringify(join(folder, name));
  };
  const read = (path: string, key: string) =>
    python(`import box_state, json\nprint(json.dumps(box_state.Counter(("/nowhere", ${path}), ${key}).read()))`);

  it("are read as version 1 writes them", () => {
    expect(read(file("v1-oom", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n"), 'b"oom_kill"')).toBe(3);
    expect(read(file("v1-pids", "7\n"), "None")).toBe(7);
  });

  it("are read as version 2 writes them", () => {
    const events = "low 0\nhigh 0\nmax 12\noom 4\noom_kill 2\noom_group_kill 0\n";
    expect(read(file("v2-events", events), 'b"oom_kill"')).toBe(2);
    expect(read(file("v2-cpu", "usage_usec 1500\nuser_usec 1000\n"), 'b"usage_usec"')).toBe(1500);
  });

  it("are unknown where there are none, as in gVisor", () => {
    expect(read('"/nowhere/else"', "None")).toBe(null);
    expect(read(file("other", "nothing 1\n"), 'b"oom_kill"')).toBe(null);
  });
});

describe.skipIf(!hasPython)("the second system-call filter", () => {
  it("refuses the same calls on arm64 as on x86-64, but for three that arm64 has not", () => {
    const count = "len(set(seccomp_filter.NUMBERS[name]['kill']))";
    expect(
      python(`import json, seccomp_filter\nprint(json.dumps([${count} for name in ("x86_64", "aarch64")]))`),
    ).toEqual([48, 45]);
  });

  it("is a program of jumps that stay inside it", () => {
    const program = `
import json, seccomp_filter, struct
found = []
for numbers in seccomp_filter.NUMBERS.values():
    code, length = seccomp_filter._program(numbers, seccomp_filter.KILL)
    steps = [struct.unpack_from("=HBBI", code, 8 * n) for n in range(length)]
    inside = all(n + 1 + max(yes, no) < length for n, (kind, yes, no, _) in enumerate(steps) if kind != seccomp_filter.RETURN)
    found.append([len(code) == 8 * length, inside, steps[-1][3] == seccomp_filter.ALLOW])
print(json.dumps(found))`;
    expect(python(program)).toEqual([
      [true, true, true],
      [true, true, true],
    ]);
  });
});
