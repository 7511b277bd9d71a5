import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Message } from "../contracts/index.ts";
import { parseChatTemplate } from "./index.ts";

const source =
  "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content | trim }}{{ eos_token }}\n{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}";
const config = (template: unknown) =>
  JSON.stringify({ chat_template: template, bos_token: "<s>", eos_token: { content: "</s>", special: true } });
const user: Message = { role: "user", content: "  2 + 2? " };
const path = "tokenizer_config.json";

test("messages become the text that the template writes, ready for the answer", () => {
  const template = parseChatTemplate(config(source), { path });
  expect(template.apply([{ role: "system", content: "Be brief." }, user])).toBe(
    "<s>[system]Be brief.</s>\n[user]2 + 2?</s>\n[assistant]",
  );
  expect(template.sha256).toBe(createHash("sha256").update(source).digest("hex"));
});

test("a begun answer is not closed", () => {
  const template = parseChatTemplate(config(source), { path });
  expect(template.apply([user, { role: "assistant", content: "The answer is" }])).toBe(
    "<s>[user]2 + 2?</s>\n[assistant]The answer is",
  );
});

test("of several templates the default one counts, or the one that is named", () => {
  const several = config([
    { name: "tool_use", template: "tools" },
    { name: "default", template: "plain" },
  ]);
  expect(parseChatTemplate(several, { path }).apply([user])).toBe("plain");
  expect(parseChatTemplate(several, { path, name: "tool_use" }).apply([user])).toBe("tools");
});

test("a file without a template, or that is none of its kind, is refused by name", () => {
  expect(() => parseChatTemplate("{}", { path })).toThrow(/tokenizer_config.json has no chat template/);
  expect(() => parseChatTemplate("nonsense", { path })).toThrow(/no JSON object/);
});

test("what a template refuses is said in its own words", () => {
  const strict = parseChatTemplate(config("{{ raise_exception('No system messages here.') }}"), { path });
  expect(() => strict.apply([user])).toThrow(/refuses: No system messages here\./);
});
