import { openRepositories, openSandbox, type Repositories, type Sandbox, SandboxUnavailable } from "@assay/sandbox";
import {
  InputError,
  type JsonObject,
  type Protocol,
  type RepositoryExecution,
  type Usage,
} from "../contracts/index.ts";
import { gradeProgramWith } from "./grade-code.ts";
import { gradeRepositoryWith } from "./grade-repository.ts";
import type { Grade } from "./score-sample.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

/** A sandbox that is ready: for programs, for repositories, or for both. */
export interface Grader {
  /** What a run record says about the sandbox of a protocol; null: it runs no code. */
  identityFor(protocol: Protocol): JsonObject | null;
  gradeFor(protocol: Protocol): Grade | null;
  /** Where the items of a repository task are worked on; null for other tasks. */
  workplaceFor(protocol: Protocol, costOf: (usage: Usage) => number | null): Workplace | null;
  close(): Promise<void>;
}

type Repositorial = Protocol & { execution: RepositoryExecution };

const isRepositorial = (protocol: Protocol): protocol is Repositorial => protocol.execution?.tests === "repository";

/**
 * Opens what the protocols of a command need to run code.
 *
 * @param runtime - container runtime of the boxes (`runsc`, `kata`); the engine's default unless given
 * @throws InputError `SANDBOX_UNAVAILABLE` with the reason and the remedy
 */
export async function openGrader(protocols: readonly Protocol[], runtime?: string): Promise<Grader> {
  const languages = protocols.flatMap(({ execution }) =>
    execution && execution.tests !== "repository" ? [execution.language] : [],
  );
  try {
    const repositories = protocols.some(isRepositorial) ? await openRepositories() : null;
    const options = { languages, ...(runtime === undefined ? {} : { runtime }) };
    return graderOf(languages.length > 0 ? await openSandbox(options) : null, repositories);
  } catch (error) {
    if (!(error instanceof SandboxUnavailable)) throw error;
    throw new InputError({
      code: "SANDBOX_UNAVAILABLE",
      what: "Code tasks need a container sandbox, and there is none.",
      why: error.explanation,
      fix: error.remedy,
      cause: error,
    });
  }
}

function graderOf(sandbox: Sandbox | null, repositories: Repositories | null): Grader {
  return {
    identityFor: (protocol) => {
      if (isRepositorial(protocol)) return repositories && { mode: "repository", ...repositories.identity };
      return protocol.execution && sandbox ? identityOf(sandbox) : null;
    },
    gradeFor: (protocol) => {
      if (isRepositorial(protocol)) return repositories && gradeRepositoryWith(repositories, protocol.execution);
      const { execution } = protocol;
      return execution && execution.tests !== "repository" && sandbox ? gradeProgramWith(sandbox, execution) : null;
    },
    workplaceFor: (protocol, costOf) =>
      repositories && isRepositorial(protocol) ? openWorkplace(repositories, protocol, costOf) : null,
    close: async () => {
      await sandbox?.close();
    },
  };
}

/** How many boxes there are depends on the memory that happens to be free, and decides no verdict. */
function identityOf(sandbox: Sandbox): JsonObject {
  const { boxes: _boxes, ...identity } = sandbox.identity;
  return JSON.parse(JSON.stringify(identity)) as JsonObject;
}
