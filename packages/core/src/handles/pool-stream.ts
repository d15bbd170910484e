import { STREAM_WINDOW, payloadBytes, type StagedArguments } from "../workers/index.js";
import { defaultRegistry, type Payload } from "../containers/index.js";
import type { CallDoor } from "./call-door.js";
import { ItemStream, type ItemSource } from "./item-stream.js";
import type { MethodSpec } from "./method-spec.js";
import type { PoolCall } from "./pool-call.js";
import type { CallOptions } from "./runner-handle.js";

/** What a stream can tell the worker that runs it. */
export interface WorkerLine {
  /** So many items of so many bytes were read. */
  taken(items: number, bytes: number): void;
  /** Whether somebody waits for the stream, and the process must live on. */
  awaited(yes: boolean): void;
  /** Nobody wants the rest. */
  abort(): void;
}

export interface PoolStreamOptions {
  readonly method: MethodSpec;
  readonly staged: StagedArguments | Promise<StagedArguments>;
  readonly options: CallOptions;
  readonly door: CallDoor;
  /** @throws when the handle takes no more calls. */
  readonly checkOpen: () => void;
}

/**
 * A stream on its way through door and pool: a call that is never joined, waits its turn like any other, and is settled when the
 * generator in the worker has ended. It enters the door with the first `next()`; until then it holds nothing but its arguments.
 */
export class PoolStream implements ItemSource<Payload> {
  readonly items: ItemStream<Payload> = new ItemStream(this);
  readonly #options: PoolStreamOptions;
  #call: PoolCall | undefined;
  #line: WorkerLine | undefined;
  #delivered = 0;
  #takenItems = 0;
  #takenBytes = 0;
  #awaited = false;

  constructor(options: PoolStreamOptions) {
    this.#options = options;
    // Told with the first `next()`, which may never come.
    if (options.staged instanceof Promise) options.staged.catch(() => undefined);
  }

  start(): void {
    this.#enter().then(
      () => this.items.end(),
      (error: unknown) => this.items.fail(error),
    );
  }

  wanted(): void {
    this.#setAwaited(true);
  }

  satisfied(): void {
    this.#setAwaited(false);
  }

  read(item: Payload): unknown {
    this.#delivered++;
    this.#takenItems++;
    this.#takenBytes += payloadBytes(item);
    // One message for several items; there is always room left for the worker to go on meanwhile.
    if (this.#takenItems >= STREAM_WINDOW.items / 2 || this.#takenBytes >= STREAM_WINDOW.bytes / 2) {
      this.#line?.taken(this.#takenItems, this.#takenBytes);
      this.#takenItems = 0;
      this.#takenBytes = 0;
    }
    return defaultRegistry.findByName(item.container).fromPayload(item);
  }

  cancel(): void {
    // Before it has entered, `#enter` sees that the reader has left.
    if (this.#call === undefined || this.#options.door.leave(this.#call)) return;
    this.#setAwaited(true);
    this.#line?.abort();
  }

  /** A worker runs it from now on. */
  running(line: WorkerLine): void {
    this.#line = line;
    line.awaited(this.#awaited);
  }

  /** Its worker died. True when it can be begun anew: nothing was read of it, and somebody still wants it. */
  canRestart(): boolean {
    this.#line = undefined;
    if (this.#delivered > 0 || !this.items.isOpen) return false;
    this.items.discard();
    return true;
  }

  /** How many items were read, for messages. */
  get delivered(): number {
    return this.#delivered;
  }

  async #enter(): Promise<void> {
    const { method, options, door, checkOpen } = this.#options;
    const staged = await this.#options.staged;
    if (!this.items.isOpen) return;
    checkOpen();
    options.signal?.throwIfAborted();
    const { firstRow, items: rows, payloads } = staged;
    await door.enter(method, staged, { firstRow, rows, payloads, stream: this }, options);
  }

  /** Door: this is the call that it has become. */
  entered(call: PoolCall): void {
    this.#call = call;
  }

  #setAwaited(yes: boolean): void {
    if (this.#awaited === yes) return;
    this.#awaited = yes;
    this.#line?.awaited(yes);
  }
}
