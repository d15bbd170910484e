import { parentPort, workerData } from "node:worker_threads";
import { Bell, LockWord, type ThreadStart } from "../wire/index.js";
import { markInsideWorker } from "../inside-worker.js";
import { giveWay } from "./give-way.js";
import { SharedRows } from "./shared-rows.js";
import { ThreadPort } from "./thread-port.js";
import { WorkerHost } from "./worker-host.js";

/** Entry of a worker thread. */
function main(): void {
  const start = workerData as ThreadStart;
  const bell = new Bell(start.bell);
  const guard = new LockWord(start.lock);
  // The thread may end in the middle of a run when the Runnable calls process.exit(): whoever waits for the run must learn it.
  process.once("exit", (code) => {
    guard.seal(code);
    bell.ring();
  });
  giveWay("thread", start.niceness);
  void new WorkerHost({ start, guard, port: new ThreadPort(start.port, bell), rows: new SharedRows() }).begin();
}

if (parentPort !== null) {
  markInsideWorker();
  main();
}
