import { parentPort, workerData, type Transferable } from "node:worker_threads";
import { Bell, LockWord, STREAM_WINDOW, payloadBytes, toErrorData, type FromWorker, type RunBatch, type ToWorker, type WorkerStart } from "../wire/index.js";
import { invariant } from "../../errors/index.js";
import { defaultRegistry } from "../../containers/index.js";
import { markInsideWorker } from "../inside-worker.js";
import { systemClock } from "../../clock/index.js";
import { BatchMemory } from "./batch-memory.js";
import { BatchPolling } from "./batch-polling.js";
import { ContainerImports } from "./container-imports.js";
import { ItemPump, iterableOf } from "./item-pump.js";
import { loadRunnable, type RunnableInstance } from "./load-runnable.js";
import { resultPayload } from "./result-payload.js";
import { ThreadCallContext } from "./thread-context.js";
import { forTransfer } from "./transfer-list.js";

/**
 * Entry of a worker thread: loads one Runnable, runs one batch or stream at a time. All native code (load, run, release) happens between
 * `enter` and `leave` of the lock word. What the Runnable throws goes back as data; what it throws outside a call ends the thread.
 */
class ThreadMain {
  readonly #start = workerData as WorkerStart;
  readonly #port = this.#start.port;
  readonly #bell = new Bell(this.#start.bell);
  readonly #lock = new LockWord(this.#start.lock);
  readonly #memory = new BatchMemory();
  readonly #imports = new ContainerImports(defaultRegistry);
  readonly #polling = this.#start.spin ? new BatchPolling(systemClock) : undefined;
  #runnable: RunnableInstance | undefined;
  #running: { readonly batch: number; readonly context: ThreadCallContext; pump?: ItemPump } | undefined;
  /** Resolves when the batch that runs, or ran last, has ended. */
  #ended: Promise<void> | undefined;

  async begin(): Promise<void> {
    // The thread may end in the middle of a run when the Runnable calls process.exit(): whoever waits for the run must learn it.
    process.once("exit", (code) => {
      this.#lock.seal(code);
      this.#bell.ring();
    });
    if (!this.#lock.tryEnter()) return;
    try {
      this.#runnable = await loadRunnable(this.#start.runnable);
      const facts = (await this.#runnable.setup?.(this.#start.setup)) ?? {};
      this.#send({ type: "ready", facts: facts as Record<string, unknown> });
      this.#port.on("message", (message: ToWorker) => void this.#receive(message));
    } catch (error) {
      this.#send({ type: "setup-failed", error: toErrorData(error) });
    } finally {
      this.#lock.leave();
    }
  }

  async #receive(message: ToWorker): Promise<void> {
    if (message.type === "run") await (this.#ended = this.#run(message));
    else if (message.type === "close") await this.#close();
    else if (this.#running?.batch !== message.batch) return;
    else if (message.type === "taken") this.#running.pump?.grant(message.items, message.bytes);
    else {
      this.#running.context.abort();
      this.#running.pump?.cancel();
    }
  }

  async #run(message: RunBatch): Promise<void> {
    if (!this.#lock.tryEnter()) return;
    const context = new ThreadCallContext(message.requestIds, message.deadline);
    this.#running = { batch: message.batch, context };
    this.#polling?.batchStarted();
    try {
      const result = await this.#callMethod(message, context);
      if (this.#start.methods[message.method]?.stream === true) await this.#stream(message, context, result);
      else await this.#answer(message, result);
    } catch (error) {
      this.#send({ type: "failed", batch: message.batch, error: toErrorData(error) });
    } finally {
      this.#running = undefined;
      this.#lock.leave();
      this.#polling?.batchEnded();
    }
  }

  async #answer({ batch, method }: RunBatch, result: unknown): Promise<void> {
    await this.#imports.forResult(result);
    const ready = await resultPayload(result, this.#start.methods[method]?.outputBatchDim ?? 0, method);
    const { payload, transfer } = forTransfer(ready, (memory) => this.#memory.owns(memory));
    this.#send({ type: "done", batch, result: payload }, transfer);
  }

  /** Sends the items while there is room for them; when it waits for room nothing runs here and the thread may be ended. */
  async #stream({ batch, method }: RunBatch, context: ThreadCallContext, result: unknown): Promise<void> {
    const pump = new ItemPump({
      clock: systemClock,
      room: STREAM_WINDOW,
      send: async (item) => {
        await this.#imports.forResult(item);
        // A generator goes on with its arrays after it has given them out, so an item is copied, never given away.
        const { payload, transfer } = forTransfer(await resultPayload(item, 0, method), () => true);
        // Counted before it is sent, which empties its buffers.
        const bytes = payloadBytes(payload);
        this.#send({ type: "item", batch, item: payload }, transfer);
        return bytes;
      },
      pause: () => this.#lock.leave(),
      resume: () => this.#lock.tryEnter(),
    });
    if (this.#running !== undefined) this.#running.pump = pump;
    const items = iterableOf(result, method);
    if (!context.aborted) await pump.run(items);
    this.#send({ type: "ended", batch });
  }

  async #callMethod(message: RunBatch, context: ThreadCallContext): Promise<unknown> {
    const runnable = this.#runnable;
    const method = runnable?.[message.method];
    invariant(typeof method === "function", `the Runnable has no method "${message.method}"`);
    if (message.newContainers !== undefined) this.#imports.add(message.newContainers);
    if (message.payloads.length > 0) await this.#imports.forPayloads(message.payloads);
    const params = await this.#memory.arguments(message);
    const args = Object.keys(params.kwargs).length === 0 ? params.args : [...params.args, params.kwargs];
    return await (method as (...args: unknown[]) => unknown).call(runnable, ...args, context);
  }

  async #close(): Promise<void> {
    // What still runs is wanted by nobody. It may end, so that the model is released after it; but it keeps no thread alive.
    if (this.#running !== undefined) this.#port.close();
    await this.#ended;
    if (this.#lock.tryEnter()) {
      try {
        await this.#runnable?.teardown?.();
      } finally {
        this.#lock.seal();
      }
    }
    this.#port.close();
  }

  #send(message: FromWorker, transfer: readonly Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
    this.#bell.ring();
  }
}

if (parentPort !== null) {
  markInsideWorker();
  void new ThreadMain().begin();
}
