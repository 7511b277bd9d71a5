import { hostname } from "node:os";
import { MACHINE_LABEL, POOL_LABEL, PROCESS_LABEL } from "./container-spec.ts";
import type { Engine } from "./discover.ts";

/** An engine may hold a container for ever, as one whose commit was cut off: that must not hold up anything else. */
const PATIENCE_MILLISECONDS = 5000;

function alive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** How many containers of ours exist, whoever started them. */
export async function countContainers(engine: Engine): Promise<{ running: number; stopped: number }> {
  const found = await engine.docker.listContainers({ all: true, filters: { label: [POOL_LABEL] } });
  const running = found.filter(({ State }) => State === "running").length;
  return { running, stopped: found.length - running };
}

/**
 * Removes containers whose harness is gone (of this machine only).
 *
 * @returns how many were removed.
 */
export async function pruneContainers(engine: Engine): Promise<number> {
  const found = await engine.docker.listContainers({ all: true, filters: { label: [POOL_LABEL] } });
  const orphans = found.filter(({ Labels }) => {
    return Labels[MACHINE_LABEL] === hostname() && !alive(Number(Labels[PROCESS_LABEL]));
  });
  const removed = await Promise.allSettled(
    orphans.map(({ Id }) =>
      engine.docker.getContainer(Id).remove({ force: true, abortSignal: AbortSignal.timeout(PATIENCE_MILLISECONDS) }),
    ),
  );
  return removed.filter(({ status }) => status === "fulfilled").length;
}
