import type { ChildProcess } from "node:child_process";
import type { LockWord } from "../wire/index.js";

/**
 * Node ends worker threads when the process exits, and ending one inside a native run aborts the process. This guard closes
 * every lock word first, waiting for runs that are going on. If one takes longer than the limit, the process kills itself:
 * exit code 137 and one line on stderr, but no abort and no core dump.
 */
const guarded = new Map<LockWord, number>();
let installed = false;

/** From now on an exit of the process waits up to `exitWaitMs` for the runs under this lock word. */
export function guardExit(lock: LockWord, exitWaitMs: number): () => void {
  if (!installed) {
    installed = true;
    process.on("exit", closeAll);
  }
  guarded.set(lock, exitWaitMs);
  return () => guarded.delete(lock);
}

function closeAll(): void {
  const begun = performance.now();
  for (const [lock, exitWaitMs] of guarded) {
    if (lock.closeWithin(Math.max(exitWaitMs - (performance.now() - begun), 0))) continue;
    process.stderr.write(
      `bentoml: a model was still running ${String(exitWaitMs)} ms after the process was told to exit; the process is killed now. ` +
        `Call runner.destroy() before exiting, or raise exitWaitMs.\n`,
    );
    process.kill(process.pid, "SIGKILL");
  }
}

const children = new Set<ChildProcess>();
let killing = false;

/** A worker process ends with its parent in any case; an exit in good order kills it at once, whatever it runs. */
export function killAtExit(child: ChildProcess): () => void {
  if (!killing) {
    killing = true;
    process.on("exit", () => {
      for (const other of children) other.kill("SIGKILL");
    });
  }
  children.add(child);
  return () => children.delete(child);
}
