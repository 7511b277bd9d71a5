export {
  type Assembled,
  assemble,
  continuationsOf,
  type LayoutOptions,
  type PromptParts,
  type RenderedShot,
  splitContinuation,
} from "./assemble.ts";
export { type ChatTemplate, parseChatTemplate } from "./chat-template.ts";
export { type CompileOptions, compileTemplate, type Template } from "./jinja/compile.ts";
export { pythonLiteral, unescapePython } from "./jinja/python-literal.ts";
export { TemplateError } from "./jinja/template-error.ts";
export { PythonRandom } from "./python-random.ts";
export { createSampler, type Sampler, type SamplerOptions } from "./sampler.ts";

/** Raised whenever the same protocol would give other prompts. */
export const promptVersion = 2;
