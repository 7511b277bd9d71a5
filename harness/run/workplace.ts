import type { Repositories, RepositoryInstance, Workspace } from "@assay/sandbox";
import type {
  JsonObject,
  ModelRequest,
  ModelResponse,
  Protocol,
  RepositoryExecution,
  Usage,
} from "../contracts/index.ts";
import { compileTemplate } from "../prompt/index.ts";
import { runAgent } from "./run-agent.ts";

/** An answer, and the request as it was sent: files of the container may have been put into it. */
interface Conversation {
  request: ModelRequest;
  response: ModelResponse;
}

type Ask = (request: ModelRequest) => Promise<ModelResponse>;

/** Where the items of a repository task are worked on. */
export interface Workplace {
  /** Why an item can't be worked on here, before anything is asked; null: it can. */
  refuse(document: JsonObject): Promise<string | null>;
  /** Asks with what the protocol takes from the container; null: the request is asked as it is. */
  converse: ((document: JsonObject, request: ModelRequest, ask: Ask) => Promise<Conversation>) | null;
}

/** The instance that an item names. */
export function instanceOf(execution: RepositoryExecution, document: JsonObject): RepositoryInstance {
  const text = (source: string) => compileTemplate(source).render(document);
  return { image: text(execution.image), folder: execution.folder, prepare: text(execution.prepare) };
}

/**
 * The workplace of a protocol.
 *
 * @param costOf - US dollars of so many tokens of the model; null: unknown
 */
export function openWorkplace(
  repositories: Repositories,
  protocol: Protocol & { execution: RepositoryExecution },
  costOf: (usage: Usage) => number | null,
): Workplace {
  const { execution, workspace: wanted } = protocol;
  const converse: Workplace["converse"] = async (document, request, ask) => {
    const workspace = await repositories.workspace(instanceOf(execution, document));
    try {
      const files = wanted?.readFiles === undefined ? [] : compileTemplate(wanted.readFiles).evaluate(document);
      const asked = withText(request, await filesText(workspace, files as string[]));
      if (!wanted?.agent || asked.kind !== "chat") return { request: asked, response: await ask(asked) };
      return { request: asked, response: await runAgent(asked, { workspace, ask, costOf, limits: wanted.agent }) };
    } finally {
      await workspace.close();
    }
  };
  return {
    refuse: (document) => repositories.refusal(instanceOf(execution, document)),
    converse: wanted ? converse : null,
  };
}

const mostOfFile = 2 ** 20;

async function filesText(workspace: Workspace, files: readonly string[]): Promise<string> {
  let text = "";
  for (const file of files) {
    const quoted = `'${file.replaceAll("'", "'\\''")}'`;
    const { exitCode, output } = await workspace.run(`cat -- ${quoted}`, { seconds: 30, outputBytes: mostOfFile });
    // A file that the change adds does not exist yet.
    if (exitCode === 0) text += `\n[start of ${file}]\n${output}${output.endsWith("\n") ? "" : "\n"}[end of ${file}]\n`;
  }
  return text;
}

function withText(request: ModelRequest, text: string): ModelRequest {
  if (text === "") return request;
  if (request.kind === "text") return { ...request, prompt: request.prompt + text };
  if (request.kind !== "chat") return request;
  const last = request.messages.findLastIndex((message) => message.role === "user");
  const messages = request.messages.map((message, index) =>
    index === last ? { ...message, content: message.content + text } : message,
  );
  return { ...request, messages };
}
