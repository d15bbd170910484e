import type { Clock, VirtualClock } from "../clock/index.js";
import { NO_RECYCLING, type LinkEvents } from "../workers/index.js";
import type { MethodSpec } from "./method-spec.js";
import { ScriptedWorker } from "./scripted-worker.testing.js";
import { WorkerPoolHandle } from "./worker-pool-handle.js";

export interface StartedHandle {
  readonly handle: WorkerPoolHandle;
  /** The one that is there, and those that have ended before it. */
  readonly workers: readonly ScriptedWorker[];
}

interface HandleLimits {
  readonly maxQueueSize?: number;
  readonly workerTimeoutMs?: number;
}

/** A handle of one method with one scripted worker, which is ready. */
export async function startedHandle(
  method: MethodSpec,
  clock: Clock,
  { maxQueueSize = 10, workerTimeoutMs = Infinity }: HandleLimits = {},
  onRun?: ConstructorParameters<typeof ScriptedWorker>[1],
): Promise<StartedHandle> {
  const workers: ScriptedWorker[] = [];
  const makeLink = (_index: number, events: LinkEvents): ScriptedWorker => {
    const worker = new ScriptedWorker(events, onRun);
    workers.push(worker);
    return worker;
  };
  const handle = new WorkerPoolHandle({ runnerName: "r", methods: [method], workers: 1, maxQueueSize, spin: false, isolation: "thread", workerTimeoutMs, recycling: NO_RECYCLING, makeLink, clock });
  const starting = handle.start();
  workers[0]?.events.message({ type: "ready", facts: {} });
  await starting;
  return { handle, workers };
}

/** Closes it without grace, on the clock's time. */
export async function closeNow(handle: WorkerPoolHandle, clock: VirtualClock): Promise<void> {
  const closed = handle.close(0);
  await clock.advance(0);
  await closed;
}
