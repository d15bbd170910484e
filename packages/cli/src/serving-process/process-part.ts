import type { Socket } from "node:net";
import type { Counted, CountedKind, ToProcess } from "../supervision/messages.js";

/** What a process does for its supervisor, whatever its role. */
export interface ProcessPart {
  /** Resolves when it is ready, and has said so. */
  start(): Promise<void>;
  /** It will be stopped: it is not ready any more, and goes on. */
  leave(): void;
  /** Resolves when it has finished what it accepted. */
  stop(graceMs: number): Promise<void>;
  /** As `stop`, when another process takes its place. */
  retire(graceMs: number): Promise<void>;
  takeConnection(socket: Socket): void;
  /** What it has counted so far; undefined while it counts nothing. */
  counted(kind: CountedKind): Promise<Counted | undefined>;
  /** The answer to what it has asked the supervisor. */
  hear(message: Extract<ToProcess, { readonly type: "others" }>): void;
}
