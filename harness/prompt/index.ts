export {
  assemble,
  continuationsOf,
  type RenderedShot,
  splitContinuation,
} from "./assemble.ts";
export { type ChatTemplate, parseChatTemplate } from "./chat-template.ts";
export { compileTemplate, type Template } from "./jinja/compile.ts";
export { pythonLiteral, unescapePython } from "./jinja/python-literal.ts";
export { TemplateError } from "./jinja/template-error.ts";
export { PythonRandom } from "./python-random.ts";
export { createSampler, type Sampler } from "./sampler.ts";

/** Raised whenever the same protocol would give other prompts. */
export const promptVersion = 2;
