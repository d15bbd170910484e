import { invariant } from "../../errors/index.js";
import { systemClock } from "../../clock/index.js";
import { takeOut } from "../../calls/index.js";
import { defaultRegistry, type Payload } from "../../containers/index.js";
import { STREAM_WINDOW, payloadBytes, toErrorData, type BatchHead, type WorkerOrder, type WorkerStart } from "../wire/index.js";
import { BatchArguments } from "./batch-arguments.js";
import { BatchContext } from "./batch-context.js";
import { BatchPolling } from "./batch-polling.js";
import { ContainerImports } from "./container-imports.js";
import { ItemPump, iterableOf } from "./item-pump.js";
import { loadRunnable, type RunnableInstance } from "./load-runnable.js";
import { resultPayload } from "./result-payload.js";
import type { RowSource } from "./row-source.js";
import type { RunGuard, WorkerPort } from "./worker-port.js";

export interface WorkerHostOptions<Batch extends BatchHead> {
  readonly start: WorkerStart;
  readonly port: WorkerPort<Batch>;
  readonly rows: RowSource<Batch>;
  readonly guard: RunGuard;
  /** Told after each batch. */
  readonly onBatchEnded?: () => void;
}

interface RunningBatch {
  /** Its number. */
  readonly batch: number;
  readonly context: BatchContext;
  pump?: ItemPump;
  /** Resolves when the batch has ended; undefined until it has begun. */
  ended: Promise<void> | undefined;
}

/**
 * A worker from the inside, be it a thread or a process: loads one Runnable and runs the batches and streams that come, beside each
 * other when the pool sends them so. All code of the Runnable (load, run, release) runs between `tryEnter` and `leave` of the guard.
 * What it throws goes back as data; what it throws outside a call ends the worker.
 */
export class WorkerHost<Batch extends BatchHead> {
  readonly #options: WorkerHostOptions<Batch>;
  readonly #arguments: BatchArguments<Batch>;
  readonly #imports = new ContainerImports(defaultRegistry);
  readonly #polling: BatchPolling | undefined;
  readonly #running: RunningBatch[] = [];
  readonly #mustStay = (memory: ArrayBufferLike): boolean => this.#options.rows.owns(memory);
  #runnable: RunnableInstance | undefined;

  constructor(options: WorkerHostOptions<Batch>) {
    this.#options = options;
    this.#arguments = new BatchArguments(options.rows);
    this.#polling = options.start.spin ? new BatchPolling(systemClock) : undefined;
  }

  /** Loads the Runnable, says so or why not, and then runs what comes. */
  async begin(): Promise<void> {
    const { start, port, guard } = this.#options;
    if (!guard.tryEnter()) return;
    try {
      this.#runnable = await loadRunnable(start.runnable);
      const facts = (await this.#runnable.setup?.(start.setup)) ?? {};
      port.send({ type: "ready", facts: facts as Record<string, unknown> });
      port.listen((message) => void this.#receive(message));
    } catch (error) {
      port.send({ type: "setup-failed", error: toErrorData(error) });
      port.close();
    } finally {
      guard.leave();
    }
  }

  async #receive(message: Batch | WorkerOrder): Promise<void> {
    if (message.type === "run") return this.#begin(message);
    if (message.type === "close") return this.#close();
    const running = this.#running.find(({ batch }) => batch === message.batch);
    if (message.type === "taken") running?.pump?.grant(message.items, message.bytes);
    else {
      running?.context.abort();
      running?.pump?.cancel();
    }
  }

  async #begin(batch: Batch): Promise<void> {
    const running: RunningBatch = { batch: batch.batch, context: new BatchContext(batch), ended: undefined };
    this.#running.push(running);
    await (running.ended = this.#run(batch, running));
  }

  async #run(batch: Batch, running: RunningBatch): Promise<void> {
    const { guard, onBatchEnded } = this.#options;
    if (!guard.tryEnter()) return;
    this.#polling?.batchStarted();
    try {
      await this.#answer(batch, running);
    } catch (error) {
      this.#options.port.send({ type: "failed", batch: batch.batch, error: toErrorData(error) });
    } finally {
      takeOut(this.#running, running);
      guard.leave();
      this.#polling?.batchEnded();
      onBatchEnded?.();
    }
  }

  async #answer(batch: Batch, running: RunningBatch): Promise<void> {
    const method = this.#options.start.methods[batch.method];
    if (batch.newContainers !== undefined) this.#imports.add(batch.newContainers);
    const gathered = this.#arguments.gather(batch);
    try {
      if (batch.payloads.length > 0) await this.#imports.forPayloads(batch.payloads);
      const params = await gathered.params();
      const args = Object.keys(params.kwargs).length === 0 ? params.args : [...params.args, params.kwargs];
      const result = await this.#method(batch.method).call(this.#runnable, ...args, running.context);
      if (method?.stream === true) await this.#stream(batch, running, result);
      else await this.#sendResult(batch, result, method?.outputBatchDim ?? 0);
    } finally {
      gathered.release();
    }
  }

  #method(name: string): (...args: unknown[]) => unknown {
    const method = this.#runnable?.[name];
    invariant(typeof method === "function", `the Runnable has no method "${name}"`);
    return method as (...args: unknown[]) => unknown;
  }

  async #sendResult({ batch, method }: Batch, value: unknown, batchDim: number): Promise<void> {
    const result = await this.#payloadOf(value, batchDim, method);
    this.#options.port.send({ type: "done", batch, result }, this.#mustStay);
  }

  /** Sends the items while there is room for them; when it waits for room nothing runs here and the worker may be ended. */
  async #stream({ batch, method }: Batch, running: RunningBatch, result: unknown): Promise<void> {
    const { port, guard } = this.#options;
    const pump = new ItemPump({
      clock: systemClock,
      room: STREAM_WINDOW,
      send: async (value) => {
        const item = await this.#payloadOf(value, 0, method);
        // Counted before it is sent, which may empty its buffers.
        const bytes = payloadBytes(item);
        // A generator goes on with its arrays after it has given them out, so an item is copied, never given away.
        port.send({ type: "item", batch, item }, () => true);
        return bytes;
      },
      pause: () => guard.leave(),
      resume: () => guard.tryEnter(),
    });
    running.pump = pump;
    const items = iterableOf(result, method);
    if (!running.context.aborted) await pump.run(items);
    port.send({ type: "ended", batch });
  }

  async #payloadOf(value: unknown, batchDim: number, method: string): Promise<Payload> {
    await this.#imports.forResult(value);
    return resultPayload(value, batchDim, method);
  }

  async #close(): Promise<void> {
    const { port, guard } = this.#options;
    const running = [...this.#running];
    // What still runs is wanted by nobody. It may end, so that the model is released after it; but it keeps no worker alive.
    if (running.length > 0) port.release();
    await Promise.all(running.map(async ({ ended }) => ended));
    if (guard.tryEnter()) {
      try {
        await this.#runnable?.teardown?.();
      } finally {
        guard.seal();
      }
    }
    port.close();
  }
}
