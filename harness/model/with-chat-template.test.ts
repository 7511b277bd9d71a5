import { expect, test } from "vitest";
import { generationSchema, type ModelRequest } from "../contracts/index.ts";
import { parseChatTemplate } from "../prompt/index.ts";
import { openModel, withChatTemplate } from "./index.ts";
import { ask, callOf } from "./testing/ask.ts";
import { startWireServer } from "./testing/wire-server.ts";

const template = parseChatTemplate(
  JSON.stringify({
    chat_template:
      "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}",
  }),
  { path: "tokenizer_config.json" },
);
const { stop: _stop, ...parameters } = generationSchema.parse({ maxTokens: 8, temperature: 0 });
const request: ModelRequest = {
  kind: "chat",
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "2 + 2?" },
  ],
  stop: ["<"],
  parameters,
};

test("a completions endpoint is sent the text that the template makes of the messages", async () => {
  const server = await startWireServer(() => ({
    body: JSON.stringify({ model: "m", choices: [{ index: 0, text: " 4", finish_reason: "stop" }] }),
  }));
  const model = withChatTemplate(await openModel("completions/m", { env: {}, baseUrl: `${server.url}/v1` }), template);
  expect(model).toMatchObject({
    id: "completions/m",
    capabilities: { chat: true, text: true },
    chatTemplateSha256: template.sha256,
  });
  const response = await ask(model, callOf(request));
  expect(response.text).toBe(" 4");
  expect(server.received[0]).toMatchObject({
    path: "/v1/completions",
    body: { prompt: "<system>Be brief.<user>2 + 2?<assistant>", stop: ["<"], max_tokens: 8, temperature: 0 },
  });
});

test("a model that takes messages itself is refused a template", async () => {
  const chat = await openModel("openai/m", { env: {}, baseUrl: "http://localhost:1/v1" });
  expect(() => withChatTemplate(chat, template)).toThrow(/applies its own template/);
  expect(() => withChatTemplate({ ...chat, capabilities: { ...chat.capabilities, chat: false } }, template)).toThrow(
    /no text prompts/,
  );
});
