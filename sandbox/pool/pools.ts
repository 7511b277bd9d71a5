import { isToolchainLanguage, recipeFor, type ToolchainLanguage } from "../grade/languages.ts";
import type { Language } from "../job.ts";
import { BoxPool, type PoolSettings } from "./pool.ts";

/** The base image's pool, and one for each other image, started when a program first needs it. */
export class Pools {
  readonly base: BoxPool;
  readonly #settingsFor: (language: ToolchainLanguage) => Promise<PoolSettings>;
  readonly #others = new Map<ToolchainLanguage, Promise<BoxPool>>();

  constructor(base: PoolSettings, settingsFor: (language: ToolchainLanguage) => Promise<PoolSettings>) {
    this.base = new BoxPool(base);
    this.#settingsFor = settingsFor;
  }

  /** Rejects with SandboxUnavailable when the language's image is missing. */
  async for(language: Language): Promise<BoxPool> {
    if (!isToolchainLanguage(language) || recipeFor(language).packages.length === 0) return this.base;
    const known = this.#others.get(language);
    if (known !== undefined) return known;
    const made = this.#settingsFor(language).then((settings) => new BoxPool(settings));
    this.#others.set(language, made);
    made.catch(() => this.#others.delete(language));
    return made;
  }

  async #all(): Promise<BoxPool[]> {
    const others = await Promise.allSettled(this.#others.values());
    return [this.base, ...others.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))];
  }

  /** Boxes of the base image started and given up so far. */
  statistics(): { started: number; lost: number } {
    return { started: this.base.started, lost: this.base.lost };
  }

  async close(): Promise<void> {
    await Promise.all((await this.#all()).map((pool) => pool.close()));
  }
}
