import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { FrameReader, WarmMemory, batchFrame, orderFrame, readFromProcess, startFrame, type RunBatch, type ToWorker, type WorkerStart } from "../wire/index.js";
import { killAtExit } from "./exit-guard.js";
import { processFlags } from "./node-flags.js";
import { RowSender } from "./row-sender.js";
import type { LinkEvents, WorkerLink } from "./worker-link.js";

/** The entry lies beside the built file of this module. */
const ENTRY = new URL("./process-main.js", import.meta.url);
/** Its place among the descriptors of the child. */
const LINE = 3;

/**
 * A worker process. It has its parent's stdout and stderr, and `environment` over its parent's environment. Frames go on a socket pair:
 * when the parent dies, in whatever way, the socket closes and the child ends.
 */
export function processLink(start: WorkerStart, environment: Readonly<Record<string, string>>, events: LinkEvents): WorkerLink {
  const firstFrame = startFrame(start);
  const child = spawn(process.execPath, [...processFlags(), fileURLToPath(ENTRY)], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "inherit", "inherit", "pipe"],
    windowsHide: true,
  });
  const unguard = killAtExit(child);
  // Not there when the system has no descriptors left.
  const socket = (child.stdio as readonly (Socket | null)[] | undefined)?.[LINE] ?? undefined;
  const rows = new RowSender();
  const frames = new WarmMemory();
  let failure: string | undefined;
  let ended = false;
  const end = (reason: string): void => {
    if (ended) return;
    ended = true;
    unguard();
    socket?.destroy();
    events.ended(reason);
  };
  const reader = new FrameReader({
    memoryFor: (bytes) => frames.take(bytes),
    onFrame: (memory, length) => {
      const message = readFromProcess(memory, length);
      frames.giveBack(memory);
      if (message.type === "threw") failure = message.reason;
      else if (!ended) events.message(message);
    },
  });
  const write = (parts: readonly Uint8Array[]): void => {
    if (socket?.writable !== true) return;
    socket.cork();
    for (const part of parts) socket.write(part);
    socket.uncork();
  };
  socket?.on("data", (chunk: Buffer) => {
    try {
      reader.push(chunk);
    } catch (error) {
      failure = `it sent what cannot be read: ${error instanceof Error ? error.message : String(error)}`;
      child.kill("SIGKILL");
    }
  });
  // Told by "close" of the process.
  socket?.on("error", () => undefined);
  child.on("error", (error) => end(`it could not be started: ${error.message}`));
  // After the last bytes of its line, unlike "exit".
  child.on("close", (code, signal) => end(failure ?? (signal === null ? `it exited with code ${String(code)}` : `it was killed by ${signal}`)));
  write(firstFrame);
  return {
    post: (message: ToWorker) => write(message.type === "run" ? framed(message, rows) : orderFrame(message)),
    pump: () => undefined,
    hold: () => {
      child.ref();
      socket?.ref();
    },
    release: () => {
      child.unref();
      socket?.unref();
    },
    tryEnd: () => {
      child.kill("SIGKILL");
      return true;
    },
  };
}

function framed(batch: RunBatch, rows: RowSender): Uint8Array[] {
  const { parts, pieces } = rows.partsOf(batch);
  return batchFrame(batch, parts, pieces);
}
