import type { Duplex } from "node:stream";

const MULTIPLEX_HEADER = 8;
const LENGTH_BYTES = 4;
const MAX_FRAME = 64 * 2 ** 20;
const KEPT_DIAGNOSTICS = 4096;

/** Bytes in arrival order, taken off in exact counts. */
class ByteQueue {
  #chunks: Buffer[] = [];
  #length = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  peek(count: number): Buffer | undefined {
    if (this.#length < count) return undefined;
    if (this.#chunks.length > 1 && (this.#chunks[0]?.length ?? 0) < count) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]?.subarray(0, count);
  }

  take(count: number): Buffer | undefined {
    const head = this.peek(count);
    if (head === undefined) return undefined;
    const first = this.#chunks[0] as Buffer;
    if (first.length === count) this.#chunks.shift();
    else this.#chunks[0] = first.subarray(count);
    this.#length -= count;
    return head;
  }
}

/** What a {@link FrameStream} tells its owner. */
interface FrameHandlers {
  onFrame(body: Buffer): void;
  /** Called once: the stream ended, failed, or said something that is not a frame. */
  onEnd(reason: string): void;
}

/**
 * Frames over the attach stream of a container: takes the engine's stdout/stderr multiplexing apart, then the frames.
 * Stderr is kept (its first 4 KiB) for error messages.
 */
export class FrameStream {
  diagnostics = "";
  readonly #stream: Duplex;
  readonly #handlers: FrameHandlers;
  readonly #raw = new ByteQueue();
  readonly #frames = new ByteQueue();
  #ended = false;

  constructor(stream: Duplex, handlers: FrameHandlers) {
    this.#stream = stream;
    this.#handlers = handlers;
    stream.on("data", (chunk: Buffer) => this.#receive(chunk));
    stream.on("error", (error) => this.#end(error.message));
    stream.on("end", () => this.#end("the box ended"));
    stream.on("close", () => this.#end("the box ended"));
  }

  /** Sends raw bytes, then JSON messages as frames. */
  write(bytes: Buffer | string): void {
    this.#stream.write(bytes);
  }

  send(message: unknown): void {
    const body = Buffer.from(JSON.stringify(message));
    const header = Buffer.alloc(LENGTH_BYTES);
    header.writeUInt32BE(body.length);
    this.#stream.write(Buffer.concat([header, body]));
  }

  destroy(): void {
    this.#ended = true;
    this.#stream.destroy();
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#handlers.onEnd(this.diagnostics === "" ? reason : `${reason}: ${this.diagnostics.trim().slice(-240)}`);
    this.#stream.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#raw.push(chunk);
    for (;;) {
      const header = this.#raw.peek(MULTIPLEX_HEADER);
      if (header === undefined) break;
      const size = header.readUInt32BE(4);
      const kind = header[0];
      const whole = this.#raw.take(MULTIPLEX_HEADER + size);
      if (whole === undefined) break;
      const body = whole.subarray(MULTIPLEX_HEADER);
      if (kind === 1) this.#frames.push(body);
      else if (this.diagnostics.length < KEPT_DIAGNOSTICS) this.diagnostics += body.toString("utf8");
    }
    this.#deliver();
  }

  #deliver(): void {
    while (!this.#ended) {
      const header = this.#frames.peek(LENGTH_BYTES);
      if (header === undefined) return;
      const length = header.readUInt32BE(0);
      if (length > MAX_FRAME) {
        this.#end(`a frame of ${length} bytes`);
        return;
      }
      const whole = this.#frames.take(LENGTH_BYTES + length);
      if (whole === undefined) return;
      this.#handlers.onFrame(whole.subarray(LENGTH_BYTES));
    }
  }
}
