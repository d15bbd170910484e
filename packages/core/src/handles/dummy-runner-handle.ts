import { RunnerNotInitializedError } from "../errors/index.js";
import { failedStream } from "./failed-stream.js";
import type { HandleStats, RunnerHandle } from "./runner-handle.js";

/** The handle of a runner that was never initialised, or was destroyed: every call says what to do. */
export class DummyRunnerHandle implements RunnerHandle {
  readonly facts: Readonly<Record<string, unknown>> = {};

  constructor(private readonly runnerName: string) {}

  runMethod(): Promise<never> {
    return Promise.reject(this.#error());
  }

  streamMethod(): AsyncGenerator<never, void, undefined> {
    return failedStream(this.#error());
  }

  runMethodSync(): never {
    throw this.#error();
  }

  isReady(): Promise<boolean> {
    return Promise.resolve(false);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  stats(): HandleStats {
    return { queuedCalls: 0, queuedItems: 0, workers: { alive: 0, idle: 0, size: 0, restarts: 0 } };
  }

  #error(): RunnerNotInitializedError {
    return new RunnerNotInitializedError(
      `Runner "${this.runnerName}" is not initialised: call "await runner.init()" to run in workers, or "await runner.initLocal()" to run in this thread.`,
    );
  }
}
