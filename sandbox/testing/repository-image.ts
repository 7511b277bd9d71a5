import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { discoverEngine } from "../engine/discover.ts";
import { DEFAULT_IMAGE } from "../engine/images.ts";

/** A small repository of ours, built into a local image the way published instance images are made. */
export interface RepositoryImage {
  image: string;
  baseCommit: string;
  /** Diff of a change of files (null: deleted), made on a copy of the repository. */
  diff(files: Record<string, string>): string;
  remove(): Promise<void>;
}

const files = {
  "stamps/__init__.py": "",
  "stamps/postage.py": `def postage(grams):
    """Cents for a letter: 85 up to 20 g, 100 up to 50 g, 160 beyond."""
    if grams < 20:
        return 85
    if grams < 50:
        return 100
    return 160
`,
  "stamps/sheet.py": "def sheet(rows, columns):\n    return rows * columns\n",
  "tests/__init__.py": "",
  "tests/test_sheet.py": `import unittest

from stamps.sheet import sheet


class SheetTest(unittest.TestCase):
    def test_count(self):
        self.assertEqual(sheet(5, 4), 20)
`,
};

/** Tests that come with the mended program. */
export const hiddenTests = {
  "tests/test_postage.py": `import unittest

from stamps.postage import postage


class PostageTest(unittest.TestCase):
    def test_border(self):
        self.assertEqual([postage(20), postage(50)], [85, 100])

    def test_inside(self):
        self.assertEqual([postage(5), postage(30), postage(90)], [85, 100, 160])
`,
};

export const mended = { "stamps/postage.py": files["stamps/postage.py"].replaceAll("grams <", "grams <=") };

/** Why images of repositories can't be built here; undefined when they can. */
export const gitProblem: string | undefined = (() => {
  try {
    execFileSync("git", ["--version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "no git on this machine";
  }
})();

function write(folder: string, tree: Record<string, string>): void {
  for (const [name, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function git(folder: string, ...args: string[]): string {
  const settings = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...settings, ...args], { cwd: folder, encoding: "utf8" });
}

/** Builds the image on top of the sandbox's own; git is copied from this machine. */
export async function buildRepositoryImage(): Promise<RepositoryImage> {
  const { docker } = await discoverEngine();
  const context = mkdtempSync(join(tmpdir(), "assay-repository-"));
  const folder = join(context, "testbed");
  mkdirSync(folder);
  git(folder, "init", "-q");
  write(folder, files);
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "Sell stamps");
  const baseCommit = git(folder, "rev-parse", "HEAD").trim();
  const build = randomUUID();
  const image = `assay-test-repository:${build}`;
  copyFileSync(realpathSync("/usr/bin/git"), join(context, "git"));
  // A label of its own keeps the layers apart from those of a build at the same time, which are pruned with its image.
  const steps = [
    `FROM ${DEFAULT_IMAGE}`,
    `LABEL assay.test=${build}`,
    "COPY git /usr/bin/git",
    "COPY testbed /testbed",
  ];
  writeFileSync(join(context, "Dockerfile"), `${steps.join("\n")}\n`);
  const stream = await docker.buildImage({ context, src: readdirSync(context) }, { t: image });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error, events: { error?: string }[]) => {
      const failed = error?.message ?? events.find((event) => event.error !== undefined)?.error;
      if (failed === undefined) resolve();
      else reject(new Error(failed));
    });
  });
  return {
    image,
    baseCommit,
    diff: (changes) => {
      write(folder, changes);
      git(folder, "add", "-A");
      const diff = git(folder, "diff", "--cached", baseCommit);
      git(folder, "reset", "-q", "--hard", baseCommit);
      return diff;
    },
    remove: async () => {
      rmSync(context, { recursive: true, force: true });
      await docker.getImage(image).remove({ force: true });
    },
  };
}
