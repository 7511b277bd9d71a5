import type { Workspace } from "@assay/sandbox";
import type { AgentSpec, Message, ModelRequest, ModelResponse, Usage } from "../contracts/index.ts";
import { compilePipeline } from "../extract/index.ts";
import { ModelCallError } from "../model/index.ts";

type ChatRequest = Extract<ModelRequest, { kind: "chat" }>;
type EndedBy = NonNullable<ModelResponse["agent"]>["endedBy"];

/** What an agent works with. */
export interface AgentTools {
  workspace: Workspace;
  ask: (request: ChatRequest) => Promise<ModelResponse>;
  limits: AgentSpec;
  /** US dollars of so many tokens; null: unknown. */
  costOf: (usage: Usage) => number | null;
  /** Milliseconds. @default performance.now */
  now?: () => number;
}

const command = compilePipeline({
  id: "command",
  steps: [{ use: "fence", languages: ["bash", "sh", "shell"], take: "first", optional: false }],
});

const noCommand =
  "There is no command in your answer. Give one in a bash code block, or `submit` in one when you are done.";

/**
 * Lets a model work in a container, one shell command an answer, until it submits or a limit is reached. What counts is the
 * difference it made to the repository, also where a limit ended it.
 *
 * @returns one response for the whole: its text is the diff, usage and latency are sums, exchanges are those of all steps
 */
export async function runAgent(request: ChatRequest, tools: AgentTools): Promise<ModelResponse> {
  const { ask, workspace, limits, costOf, now = () => performance.now() } = tools;
  const started = now();
  const transcript: Message[] = [];
  const responses: ModelResponse[] = [];
  let endedBy: EndedBy | undefined;
  while (endedBy === undefined) {
    const response = await askNext(ask, { ...request, messages: [...request.messages, ...transcript] });
    if (response === "context") {
      endedBy = "context";
      break;
    }
    responses.push(response);
    transcript.push({ role: "assistant", content: response.text ?? "" });
    if (response.refusal !== null) endedBy = "refusal";
    else if (commandOf(response) === "submit") endedBy = "submit";
    else {
      transcript.push({ role: "user", content: await observe(workspace, commandOf(response), limits) });
      endedBy = limitReached(responses, limits, { costOf, seconds: (now() - started) / 1000 });
    }
  }
  const agent = { steps: responses.length, endedBy, transcript };
  return {
    ...sumOf(responses),
    text: await workspace.diff(),
    finishReason: endedBy === "submit" ? "stop" : "length",
    agent,
  };
}

/** Where the conversation has grown too long for the model, what was done until then counts; a first request too long is an error. */
async function askNext(ask: AgentTools["ask"], request: ChatRequest): Promise<ModelResponse | "context"> {
  try {
    return await ask(request);
  } catch (error) {
    const isTooLong = error instanceof ModelCallError && error.kind === "context_length";
    if (isTooLong && request.messages.some((message) => message.role === "assistant")) return "context";
    throw error;
  }
}

function commandOf({ text }: ModelResponse): string | null {
  const { answer } = command({
    responses: [text ?? ""],
    fields: { choices: null, document: {} },
    render: (source) => source,
  });
  return answer === null ? null : answer.trim();
}

async function observe(workspace: Workspace, line: string | null, limits: AgentSpec): Promise<string> {
  if (line === null) return noCommand;
  const { commandSeconds: seconds, outputBytes } = limits;
  const { exitCode, output } = await workspace.run(line, { seconds, outputBytes });
  const ending = exitCode === null ? `stopped after ${seconds} s` : `exit code ${exitCode}`;
  return `${ending}\n\`\`\`\n${output.trimEnd()}\n\`\`\``;
}

function limitReached(
  responses: readonly ModelResponse[],
  limits: AgentSpec,
  spent: { costOf: AgentTools["costOf"]; seconds: number },
): EndedBy | undefined {
  const { usage } = sumOf(responses);
  if (responses.length >= limits.steps) return "steps";
  if (limits.tokens !== null && (usage.input ?? 0) + (usage.output ?? 0) >= limits.tokens) return "tokens";
  if (spent.seconds >= limits.seconds) return "seconds";
  return limits.dollars !== null && (spent.costOf(usage) ?? 0) >= limits.dollars ? "dollars" : undefined;
}

function sumOf(responses: readonly ModelResponse[]): ModelResponse {
  const last = responses.at(-1) as ModelResponse;
  const sum = (read: (response: ModelResponse) => number | null) =>
    responses.reduce<number | null>((total, response) => {
      const value = read(response);
      return value === null ? total : (total ?? 0) + value;
    }, null);
  return {
    ...last,
    usage: {
      input: sum(({ usage }) => usage.input),
      output: sum(({ usage }) => usage.output),
      reasoning: sum(({ usage }) => usage.reasoning),
      cacheRead: sum(({ usage }) => usage.cacheRead),
      cacheWrite: sum(({ usage }) => usage.cacheWrite),
    },
    latency: {
      firstByteMs: responses[0]?.latency.firstByteMs ?? null,
      totalMs: sum(({ latency }) => latency.totalMs) ?? 0,
    },
    attempts: sum(({ attempts }) => attempts) ?? 1,
    cached: responses.every((response) => response.cached),
    exchanges: responses.flatMap((response) => response.exchanges),
  };
}
