import type { ErrorData } from "../wire/index.js";
import type { WorkerSlot } from "./worker-slot.js";

/**
 * `starting → idle ⇄ running`; `hung` while a run is lost that cannot be ended; `failed` (it died, to be started again); `closing` and
 * `closed` (no way back).
 */
export type SlotState = "starting" | "idle" | "running" | "hung" | "failed" | "closing" | "closed";

/** What a slot tells its pool. */
export interface SlotEvents {
  /** The worker has loaded its model and can run. */
  ready(slot: WorkerSlot, facts: Readonly<Record<string, unknown>>): void;
  /** The model could not be loaded. The worker is gone. */
  setupFailed(slot: WorkerSlot, error: ErrorData): void;
  /** A run is over, and there is room for another one. Told before the batch itself hears of its end. */
  freed(slot: WorkerSlot): void;
  /** No run is lost here any more: what was given up has ended by itself. */
  recovered(slot: WorkerSlot): void;
  /** A run takes too long and cannot be ended. Told before the batch itself hears that it was given up. */
  hung(slot: WorkerSlot, reason: string): void;
  /** The worker died: by a throw outside a call, by `process.exit()`, or by something native. `loading`: before it was ready. */
  died(slot: WorkerSlot, reason: string, loading: boolean): void;
}
