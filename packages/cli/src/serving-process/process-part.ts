import type { Socket } from "node:net";
import type { ProcessMetrics } from "bentoml-server";
import type { ToProcess } from "../supervision/messages.js";

/** What a process does for its supervisor, whatever its role. */
export interface ProcessPart {
  /** Resolves when it is ready, and has said so. */
  start(): Promise<void>;
  /** Resolves when it has finished what it accepted. */
  stop(graceMs: number): Promise<void>;
  /** As `stop`, when another process takes its place. */
  retire(graceMs: number): Promise<void>;
  takeConnection(socket: Socket): void;
  metrics(): Promise<ProcessMetrics>;
  /** The answer to what it has asked the supervisor. */
  hear(message: Extract<ToProcess, { readonly type: "othersMetrics" }>): void;
}
