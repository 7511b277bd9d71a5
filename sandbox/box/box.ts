import type { Duplex } from "node:stream";
import type { Container } from "dockerode";
import { type BoxSettings, containerSpec } from "../engine/container-spec.ts";
import type { Engine } from "../engine/discover.ts";
import { type BoxFacts, type BoxReady, boxFacts, boxReady } from "./facts.ts";
import { FrameStream } from "./frame-stream.ts";
import { within } from "./within.ts";

const SYNC = "assay-sync-1";
const START_MILLISECONDS = 30_000;
const REMOVE_MILLISECONDS = 10_000;
/** A box prolongs a program's wall limit by the time the machine let it wait for a core, up to this many times. */
const PATIENCE = 4;
/** Past that, before the box itself is given up. */
const WATCHDOG_MILLISECONDS = 8000;
const KEPT_TASKS = 256;

/** The box can no longer be used; what it was running has no verdict. */
export class BoxLost extends Error {
  override readonly name = "BoxLost";
  /** Whether the engine says that the whole box ran out of memory. */
  readonly outOfMemory: boolean;

  constructor(reason: string, outOfMemory = false) {
    super(reason);
    this.outOfMemory = outOfMemory;
  }
}

/** A request as PID 1 understands it; `key` and `task` only where a grader is involved. */
export interface BoxRequest {
  mode: "split" | "in_process" | "stdio" | "isolate" | "build" | "program" | "shell";
  code: string;
  tests?: string;
  names?: readonly string[];
  stdin?: string;
  keep: number;
  limits: { cpu: number; wall: number; addressSpace: number; processes: number; stack: number };
  /** Of a task, or of the source that a build made its program of. */
  key?: string;
  task?: object;
  /** Where the source is written, the commands that build and run it. */
  file?: string;
  build?: readonly string[];
  run?: readonly string[];
}

interface Waiting {
  resolve(body: Buffer): void;
  reject(error: Error): void;
}

/** One running container: judges one program at a time until it is lost or removed. */
export class Box {
  readonly id: string;
  readonly ready: BoxReady;
  /** Programs judged so far. */
  programs = 0;
  readonly #container: Container;
  readonly #stream: FrameStream;
  readonly #inbox: Inbox;
  readonly #tasks = new Set<string>();

  private constructor(container: Container, stream: FrameStream, inbox: Inbox, ready: BoxReady) {
    this.id = container.id.slice(0, 12);
    this.#container = container;
    this.#stream = stream;
    this.#inbox = inbox;
    this.ready = ready;
  }

  /** Creates, attaches to and starts a container. Rejects with the engine's error or {@link BoxLost}; leaves nothing. */
  static async start(engine: Engine, settings: BoxSettings): Promise<Box> {
    const patience = { milliseconds: START_MILLISECONDS, what: "the engine" };
    const container = await within(engine.docker.createContainer(containerSpec(engine, settings)), {
      ...patience,
      late: removed,
    });
    const inbox = new Inbox();
    try {
      const options = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true };
      const duplex = (await within(container.attach(options), patience)) as unknown as Duplex;
      const stream = new FrameStream(duplex, inbox);
      const greeting = inbox.next(START_MILLISECONDS);
      await within(container.start(), patience);
      stream.write(SYNC);
      return new Box(container, stream, inbox, boxReady.parse(JSON.parse((await greeting).toString("utf8"))));
    } catch (error) {
      inbox.silence();
      await removed(container);
      throw error;
    }
  }

  /** Runs one program. Rejects with {@link BoxLost} when the box did not survive it. */
  async run(request: BoxRequest): Promise<BoxFacts> {
    this.programs += 1;
    const reply = this.#inbox.next(PATIENCE * request.limits.wall * 1000 + WATCHDOG_MILLISECONDS);
    this.#stream.send({ id: this.programs, ...this.#withoutKnownTask(request) });
    try {
      const facts = boxFacts.parse(JSON.parse((await reply).toString("utf8")));
      if (facts.id !== this.programs) throw new BoxLost("the box answered another request");
      return facts;
    } catch (error) {
      if (error instanceof BoxLost) throw new BoxLost(error.message, await this.#outOfMemory());
      throw new BoxLost(`not a report of the box: ${(error as Error).message.slice(0, 200)}`);
    }
  }

  #withoutKnownTask(request: BoxRequest): BoxRequest & { forget?: boolean } {
    const { key, task, ...rest } = request;
    if (key === undefined || task === undefined) return request;
    if (this.#tasks.has(key)) return { ...rest, key };
    const forget = this.#tasks.size >= KEPT_TASKS;
    if (forget) this.#tasks.clear();
    this.#tasks.add(key);
    return { ...rest, key, task, ...(forget ? { forget } : {}) };
  }

  async #outOfMemory(): Promise<boolean> {
    try {
      const state = within(this.#container.inspect(), { milliseconds: REMOVE_MILLISECONDS, what: "the engine" });
      return (await state).State.OOMKilled;
    } catch {
      return false;
    }
  }

  /** Ends the box and removes the container, whatever state it is in (paused and hung ones too). */
  async remove(): Promise<void> {
    this.#inbox.silence();
    this.#stream.destroy();
    await removed(this.#container);
  }
}

/** Removes a container as far as the engine answers; the next harness prunes what is left. */
async function removed(container: Container): Promise<void> {
  const abortSignal = AbortSignal.timeout(REMOVE_MILLISECONDS);
  await container.remove({ force: true, abortSignal }).catch(() => undefined);
}

/** Holds the one answer that is being waited for. */
class Inbox {
  #waiting: Waiting | undefined;
  #ended: string | undefined;

  next(milliseconds: number): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    if (this.#ended !== undefined) {
      reject(new BoxLost(this.#ended));
      return promise;
    }
    const timer = setTimeout(() => reject(new BoxLost("the box did not answer in time")), milliseconds);
    this.#waiting = { resolve, reject };
    // The caller awaits later: a rejection in between must not count as unhandled.
    promise.catch(() => undefined).finally(() => clearTimeout(timer));
    return promise;
  }

  onFrame(body: Buffer): void {
    this.#waiting?.resolve(body);
    this.#waiting = undefined;
  }

  onEnd(reason: string): void {
    this.#ended = reason;
    this.#waiting?.reject(new BoxLost(reason));
    this.#waiting = undefined;
  }

  silence(): void {
    this.onEnd("the box was removed");
  }
}
