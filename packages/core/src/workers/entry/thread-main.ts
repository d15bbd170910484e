import { parentPort, workerData } from "node:worker_threads";
import { LockWord, toErrorData, type FromWorker, type RunBatch, type ToWorker, type WorkerStart } from "../wire/index.js";
import { ModelRunError, invariant } from "../../errors/index.js";
import { defaultRegistry, type Payload } from "../../containers/index.js";
import { markInsideWorker } from "../inside-worker.js";
import { systemClock } from "../../clock/index.js";
import { BatchMemory } from "./batch-memory.js";
import { BatchPolling } from "./batch-polling.js";
import { loadRunnable, type RunnableInstance } from "./load-runnable.js";
import { ThreadCallContext } from "./thread-context.js";
import { forTransfer } from "./transfer-list.js";

/**
 * Entry of a worker thread: loads one Runnable, runs one batch at a time. All native code (load, run, release) happens between
 * `enter` and `leave` of the lock word. What the Runnable throws goes back as data; what it throws outside a call ends the thread.
 */
class ThreadMain {
  readonly #port = parentPort as NonNullable<typeof parentPort>;
  readonly #start = workerData as WorkerStart;
  readonly #lock = new LockWord(this.#start.lock);
  readonly #memory = new BatchMemory();
  readonly #polling = this.#start.spin ? new BatchPolling(systemClock) : undefined;
  #runnable: RunnableInstance | undefined;
  #running: { readonly batch: number; readonly context: ThreadCallContext } | undefined;

  async begin(): Promise<void> {
    // The thread may end in the middle of a run when the Runnable calls process.exit(): whoever waits for the run must learn it.
    process.once("exit", () => this.#lock.seal());
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
    if (message.type === "run") await this.#run(message);
    else if (message.type === "close") await this.#close();
    else if (this.#running?.batch === message.batch) this.#running.context.abort();
  }

  async #run(message: RunBatch): Promise<void> {
    if (!this.#lock.tryEnter()) return;
    const context = new ThreadCallContext(message.requestIds, message.deadline);
    this.#running = { batch: message.batch, context };
    this.#polling?.batchStarted();
    try {
      const result = await this.#callMethod(message, context);
      const outputBatchDim = this.#start.methods[message.method]?.outputBatchDim ?? 0;
      const ready = await resultPayload(result, outputBatchDim, message.method);
      const { payload, transfer } = forTransfer(ready, (memory) => this.#memory.owns(memory));
      this.#port.postMessage({ type: "done", batch: message.batch, result: payload } satisfies FromWorker, transfer);
    } catch (error) {
      this.#send({ type: "failed", batch: message.batch, error: toErrorData(error) });
    } finally {
      this.#running = undefined;
      this.#lock.leave();
      this.#polling?.batchEnded();
    }
  }

  async #callMethod(message: RunBatch, context: ThreadCallContext): Promise<unknown> {
    const runnable = this.#runnable;
    const method = runnable?.[message.method];
    invariant(typeof method === "function", `the Runnable has no method "${message.method}"`);
    const params = await this.#memory.arguments(message);
    const args = Object.keys(params.kwargs).length === 0 ? params.args : [...params.args, params.kwargs];
    return await (method as (...args: unknown[]) => unknown).call(runnable, ...args, context);
  }

  async #close(): Promise<void> {
    if (this.#lock.tryEnter()) {
      try {
        await this.#runnable?.teardown?.();
      } finally {
        this.#lock.seal();
      }
    }
    this.#port.close();
  }

  #send(message: FromWorker): void {
    this.#port.postMessage(message);
  }
}

/** A result that cannot be sent is the Runnable's fault, not the caller's: 500, whatever the container says. */
async function resultPayload(result: unknown, batchDim: number, method: string): Promise<Payload> {
  try {
    return await defaultRegistry.containerOf(result).toPayload(result, batchDim);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ModelRunError(`Method "${method}" returned a value that cannot be sent: ${reason}`, { code: "INVALID_RESULT", cause });
  }
}

if (parentPort !== null) {
  markInsideWorker();
  void new ThreadMain().begin();
}
