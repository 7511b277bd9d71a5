import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { discoverEngine } from "./engine/discover.ts";
import { DEFAULT_IMAGE, findImage, type ImageIdentity, toolchainImage } from "./engine/images.ts";
import { recipeFor, type ToolchainLanguage } from "./grade/languages.ts";
import { SandboxUnavailable } from "./sandbox-unavailable.ts";

const FOLDER = fileURLToPath(new URL("./images/python/", import.meta.url));
const OFFLINE_SCRIPT = fileURLToPath(new URL("../scripts/sandbox/build-image.sh", import.meta.url));

/** How to build the box image. */
export type BuildOptions = {
  /** @default "assay-sandbox:latest", or "assay-sandbox-<language>:latest" */
  image?: string;
  /** Adds the tools of this language. @default none, Python, JavaScript, TypeScript and Bash */
  language?: ToolchainLanguage | undefined;
  /** Called with each line of the build's output. */
  onLine?: (line: string) => void;
  environment?: NodeJS.ProcessEnv;
} & (
  | {
      /** From base images of a registry, each pinned: `name@sha256:…`. @default those that the Dockerfile names */
      from: "registry";
      pythonImage?: string | undefined;
      nodeImage?: string | undefined;
    }
  | {
      /** From the Debian archive, without a registry (root on Debian or Ubuntu). */
      from: "debian";
    }
);

/** Parsed lines of the engine's build stream. */
interface BuildEvent {
  stream?: string;
  error?: string;
}

function lines(text: string, onLine: (line: string) => void): void {
  for (const line of text.split("\n")) if (line.trim() !== "") onLine(line.trimEnd());
}

function packagesOf({ language }: BuildOptions): readonly string[] {
  return language === undefined ? [] : recipeFor(language).packages;
}

function buildArguments(options: BuildOptions & { from: "registry" }): Record<string, string> {
  return {
    PACKAGES: packagesOf(options).join(" "),
    ...(options.pythonImage === undefined ? {} : { PYTHON_IMAGE: options.pythonImage }),
    ...(options.nodeImage === undefined ? {} : { NODE_IMAGE: options.nodeImage }),
  };
}

async function buildFromRegistry(options: BuildOptions & { from: "registry" }, image: string): Promise<void> {
  for (const base of [options.pythonImage, options.nodeImage]) {
    if (base !== undefined && !/@sha256:[0-9a-f]{64}$/.test(base)) {
      throw new SandboxUnavailable({
        reason: `The base image "${base}" is not pinned`,
        remedy: "Give it as name@sha256:<64 hexadecimal digits>, as `docker buildx imagetools inspect` prints it.",
      });
    }
  }
  const engine = await discoverEngine(options.environment);
  const stream = await engine.docker.buildImage(
    { context: FOLDER, src: ["Dockerfile", "prepare.sh"] },
    { t: image, buildargs: buildArguments(options) },
  );
  await new Promise<void>((resolve, reject) => {
    engine.docker.modem.followProgress(
      stream,
      (error) => (error ? reject(error) : resolve()),
      (event: BuildEvent) => {
        if (event.error !== undefined) reject(new Error(event.error));
        lines(event.stream ?? "", options.onLine ?? (() => undefined));
      },
    );
  });
}

async function buildFromDebian(options: BuildOptions, image: string): Promise<void> {
  const environment = { ...process.env, ...options.environment, ASSAY_SANDBOX_IMAGE: image.replace(/:latest$/, "") };
  const child = spawn("sh", [OFFLINE_SCRIPT, ...packagesOf(options)], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => options.onLine?.(line));
  }
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (code !== 0) {
    throw new SandboxUnavailable({
      reason: `Building ${image} from the Debian archive ended with exit code ${code}`,
      remedy:
        "Read the lines above; it needs root, debootstrap (installed on demand) and a Debian mirror (ASSAY_DEBIAN_MIRROR).",
    });
  }
}

/**
 * Builds the box image and looks it up.
 *
 * @throws {@link SandboxUnavailable} without an engine, with unpinned base images, or when the build fails.
 */
export async function buildImages(options: BuildOptions): Promise<ImageIdentity> {
  const { language } = options;
  const image = options.image ?? (language === undefined ? DEFAULT_IMAGE : toolchainImage(language));
  const engine = await discoverEngine(options.environment);
  if (options.from === "registry") await buildFromRegistry(options, image);
  else await buildFromDebian(options, image);
  return findImage(engine, image);
}
