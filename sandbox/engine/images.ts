import { isToolchainLanguage, recipeFor, TOOLCHAIN_LANGUAGES, type ToolchainLanguage } from "../grade/languages.ts";
import { SandboxUnavailable } from "../sandbox-unavailable.ts";
import type { Engine } from "./discover.ts";

/** The image of the boxes unless an option says otherwise. */
export const DEFAULT_IMAGE = "assay-sandbox:latest";

/** The image in which programs of a language with tools of its own are built and run. */
export function toolchainImage(language: ToolchainLanguage): string {
  return recipeFor(language).packages.length === 0 ? DEFAULT_IMAGE : `assay-sandbox-${language}:latest`;
}

/**
 * The images that languages need beside the base image.
 *
 * @throws {@link SandboxUnavailable} when one is missing.
 */
export async function findToolchains(engine: Engine, languages: readonly string[]): Promise<ImageIdentity[]> {
  const names = new Set(languages.filter(isToolchainLanguage).map(toolchainImage));
  names.delete(DEFAULT_IMAGE);
  return Promise.all([...names].sort().map((name) => findImage(engine, name)));
}

/** An image that is present on the engine. */
export interface ImageIdentity {
  /** As it was asked for. */
  name: string;
  /** Digest of its configuration: what boxes are started from. */
  id: string;
  /** Digest in a registry; null for images built or imported here. */
  repoDigest: string | null;
  architecture: string;
  /** Recipe hash of an image built without a registry. */
  recipe: string | null;
  bytes: number;
}

const BUILD =
  "Build it: `assay sandbox build`, or without an image registry `scripts/sandbox/build-image.sh` (as root, on Debian or Ubuntu).";

/**
 * Looks an image up on the engine and checks that it fits the machine.
 *
 * @throws {@link SandboxUnavailable} when it is missing or made for another architecture.
 */
export async function findImage(engine: Engine, name: string = DEFAULT_IMAGE): Promise<ImageIdentity> {
  const names = engine.dialect === "podman" ? [name, `localhost/${name}`] : [name];
  for (const candidate of names) {
    const found = await engine.docker
      .getImage(candidate)
      .inspect()
      .catch((error: { statusCode?: number; message?: string }) => {
        if (error.statusCode === 404) return undefined;
        throw new SandboxUnavailable({
          reason: `The engine at ${engine.where} could not look up the image ${name}: ${error.message ?? "no reason given"}`,
          remedy: "Check the engine with `docker info`.",
          cause: error,
        });
      });
    if (found === undefined) continue;
    if (found.Architecture !== engine.architecture) {
      throw new SandboxUnavailable({
        reason: `The image ${name} is for ${found.Architecture}, the engine runs on ${engine.architecture}`,
        remedy: BUILD,
      });
    }
    return {
      name,
      id: found.Id,
      repoDigest: found.RepoDigests?.[0] ?? null,
      architecture: found.Architecture,
      recipe: found.Config.Labels?.["assay.sandbox.recipe"] ?? null,
      bytes: found.Size,
    };
  }
  const language = TOOLCHAIN_LANGUAGES.find((one) => toolchainImage(one) === name && name !== DEFAULT_IMAGE);
  throw new SandboxUnavailable({
    reason: `The image ${name} is not on the engine at ${engine.where}`,
    remedy: language === undefined ? BUILD : `Build it: \`assay sandbox build --language ${language}\`.`,
  });
}
