/** Languages whose programs are built and run by tools of their own instead of the fork server's Python or an isolate. */
export const TOOLCHAIN_LANGUAGES = ["bash", "cpp", "go", "rust", "java"] as const;

/** One of {@link TOOLCHAIN_LANGUAGES}. */
export type ToolchainLanguage = (typeof TOOLCHAIN_LANGUAGES)[number];

/** How a language's programs become processes. Paths are inside a box. */
export interface Recipe {
  /** Debian packages its image adds; none where the base image suffices. */
  packages: readonly string[];
  /** Where the source is written. */
  file: string;
  /** Makes `/tmp/program`, a binary or a folder, of the source. */
  build?: readonly string[];
  /** The command that runs it; empty where the build makes a binary. */
  run: readonly string[];
  /** Address space of one process, MiB: managed runtimes reserve far more than they use. */
  addressSpaceMiB: number;
}

const SOURCE = "/tmp/source";
const JAVA = "/usr/lib/jvm/default-java/bin";
const SMALL_JAVA = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xmx256m"];
const GO = "-importcfg /opt/assay/go-importcfg";

/** The name a Java file must have: its public class, else the class that holds `main`. */
function mainClass(code: string): string {
  const open = /\bpublic\s+(?:final\s+|abstract\s+)*(?:class|record|enum|interface)\s+(\w+)/.exec(code)?.[1];
  const before = code.slice(0, Math.max(0, code.search(/\bstatic\s+void\s+main\b/)));
  return open ?? [...before.matchAll(/\bclass\s+(\w+)/g)].at(-1)?.[1] ?? "Main";
}

const RECIPES: Record<ToolchainLanguage, (code: string) => Recipe> = {
  bash: () => ({
    packages: [],
    file: `${SOURCE}.sh`,
    run: ["bash", "--norc", "--noprofile", "-c", `. ${SOURCE}.sh; "$@"`, "bash"],
    addressSpaceMiB: 2048,
  }),
  cpp: () => ({
    packages: ["g++"],
    file: `${SOURCE}.cpp`,
    build: ["g++", "-std=c++20", "-O2", "-pipe", "-o", "/tmp/program", `${SOURCE}.cpp`],
    run: [],
    addressSpaceMiB: 2048,
  }),
  go: () => ({
    packages: ["golang-go"],
    file: `${SOURCE}.go`,
    build: [
      "sh",
      "-c",
      `go tool compile -p main ${GO} -o /tmp/main.a ${SOURCE}.go && go tool link ${GO} -s -w -o /tmp/program /tmp/main.a`,
    ],
    run: [],
    addressSpaceMiB: 16_384,
  }),
  rust: () => ({
    packages: ["rustc"],
    file: `${SOURCE}.rs`,
    build: ["rustc", "--edition=2021", "-Copt-level=1", "-Cdebuginfo=0", "-o", "/tmp/program", `${SOURCE}.rs`],
    run: [],
    addressSpaceMiB: 4096,
  }),
  java: (code) => ({
    packages: ["default-jdk-headless"],
    file: `/tmp/${mainClass(code)}.java`,
    build: [
      `${JAVA}/javac`,
      ...SMALL_JAVA.map((flag) => `-J${flag}`),
      "-proc:none",
      "-d",
      "/tmp/program",
      `/tmp/${mainClass(code)}.java`,
    ],
    run: [`${JAVA}/java`, ...SMALL_JAVA, "-Xss64m", "-cp", "/tmp/program", mainClass(code)],
    addressSpaceMiB: 16_384,
  }),
};

/** Whether a language needs its own tools. */
export function isToolchainLanguage(language: string): language is ToolchainLanguage {
  return (TOOLCHAIN_LANGUAGES as readonly string[]).includes(language);
}

/** How a program in a language is built and run. */
export function recipeFor(language: ToolchainLanguage, code = ""): Recipe {
  return RECIPES[language](code);
}
