import { Socket, type OnReadOpts, type SocketConstructorOpts } from "node:net";
import type { WorkerPort } from "./worker-port.js";
import { FrameReader, readToProcess, replyFrame, type FramedBatch, type FromProcess, type ToProcess, type WorkerOrder, type WorkerStart, type WarmMemory } from "../wire/index.js";

/** The descriptor of the parent's end of the line, after those of stdin, stdout and stderr. */
const LINE = 3;

/** The line of a process: a socket that it has from its parent, on which frames go. When it breaks, the parent is gone. */
export class ProcessPort implements WorkerPort<FramedBatch> {
  readonly #socket: Socket;
  readonly #reader: FrameReader;
  readonly #memory: WarmMemory;
  readonly #begin: (start: WorkerStart) => void;
  /** Came before anybody listened. */
  #waiting: (FramedBatch | WorkerOrder)[] = [];
  #receive: (message: FramedBatch | WorkerOrder) => void = (message) => void this.#waiting.push(message);
  #streams: ReadonlySet<string> = new Set();

  /** `begin` is told once, what the process is there for. */
  constructor(memory: WarmMemory, begin: (start: WorkerStart) => void) {
    this.#memory = memory;
    this.#begin = begin;
    this.#reader = new FrameReader({ memoryFor: (bytes) => memory.take(bytes), onFrame: (frame, length) => this.#take(frame, length) });
    const read = { buffer: () => this.#reader.room, callback: (bytes: number) => this.#read(bytes) };
    // The option is one of `connect`, which hands it on to the constructor.
    const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = { fd: LINE, readable: true, writable: true, onread: read };
    this.#socket = new Socket(options);
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => process.exit());
  }

  listen(receive: (message: FramedBatch | WorkerOrder) => void): void {
    this.#receive = receive;
    for (const message of this.#waiting.splice(0)) receive(message);
  }

  send(message: FromProcess, mustStay: (memory: ArrayBufferLike) => boolean = () => false): void {
    const parts = replyFrame(withoutBorrowed(message, mustStay));
    this.#socket.cork();
    for (const part of parts) this.#socket.write(part);
    this.#socket.uncork();
  }

  release(): void {
    // The parent kills what does not end in time.
  }

  close(): void {
    this.#socket.end(() => process.exit());
  }

  #read(bytes: number): boolean {
    this.#reader.filled(bytes);
    return true;
  }

  #take(memory: ArrayBuffer, length: number): void {
    const message: ToProcess = readToProcess(memory, length);
    if (message.type === "run") {
      // The arguments of a stream stay its own.
      if (this.#streams.has(message.method)) this.#memory.giveAway(memory);
      this.#receive(message);
      return;
    }
    if (message.type === "start") {
      // What was made of the Runnable's parameters may lie in it.
      this.#memory.giveAway(memory);
      const { methods } = message.start;
      this.#streams = new Set(Object.keys(methods).filter((name) => methods[name]?.stream === true));
      this.#begin(message.start);
      return;
    }
    this.#memory.giveBack(memory);
    this.#receive(message);
  }
}

/** Buffers are written when the socket takes them, which may be later: those that change before are copied. */
function withoutBorrowed(message: FromProcess, mustStay: (memory: ArrayBufferLike) => boolean): FromProcess {
  const own = (bytes: Uint8Array): Uint8Array => (mustStay(bytes.buffer) ? new Uint8Array(bytes) : bytes);
  if (message.type === "done") return { ...message, result: { ...message.result, buffers: message.result.buffers.map(own) } };
  if (message.type === "item") return { ...message, item: { ...message.item, buffers: message.item.buffers.map(own) } };
  return message;
}
