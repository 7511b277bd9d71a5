import type { Model } from "../contracts/index.ts";
import type { Resolved } from "../task/index.ts";
import type { Options } from "./flags.ts";
import { capabilityProblem } from "./preflight.ts";
import { resolveAll } from "./references.ts";

/**
 * Takes a task's chat protocol where the command names none and no model can be asked under the default one. Every such choice is
 * said, because a protocol decides a score.
 */
export function chooseChatProtocols(
  resolved: readonly Resolved[],
  { references, models, options }: { references: readonly string[]; models: readonly Model[]; options: Options },
): { resolved: Resolved[]; said: string[] } {
  const said: string[] = [];
  const chosen = resolved.map((one) => {
    const { id, defaultProtocol, chatProtocol } = one.task;
    const isOpen = references.includes(id) && one.protocol.id === defaultProtocol && chatProtocol !== undefined;
    if (!isOpen || !models.every((model) => model.capabilities.chat && capabilityProblem(one, model))) return one;
    const [other] = resolveAll([`${id}@${chatProtocol}`], options).resolved;
    if (!other || models.some((model) => capabilityProblem(other, model))) return one;
    const names = models.map((model) => model.id).join(", ");
    said.push(
      `${id}: asked under ${chatProtocol}, because ${names} can't be asked under its default, ${defaultProtocol}`,
    );
    return other;
  });
  return { resolved: chosen, said };
}
