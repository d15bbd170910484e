import { systemClock } from "../../clock/index.js";
import { markInsideWorker } from "../inside-worker.js";
import { WarmMemory } from "../wire/index.js";
import { FramedRows } from "./framed-rows.js";
import { giveWay } from "./give-way.js";
import { dieWithParent } from "./parent-watch.js";
import { ProcessPort } from "./process-port.js";
import { WorkerHost } from "./worker-host.js";

/** The system is asked for the memory that it uses at most so often, ms. */
const MEMORY_REPORT_MS = 250;
const BYTES_PER_MB = 2 ** 20;

/** A process can be killed at any moment: there is nothing to guard. */
const UNGUARDED = { tryEnter: () => true, leave: () => undefined, seal: () => undefined };

/** Signals to the whole group, such as Ctrl+C, are the parent's business: it lets its workers finish and end. */
const SIGNALS_OF_THE_GROUP = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Entry of a worker process. */
function main(): void {
  for (const signal of SIGNALS_OF_THE_GROUP) process.on(signal, () => undefined);
  dieWithParent();
  const memory = new WarmMemory();
  const port = new ProcessPort(memory, (start) => {
    giveWay("process", start.niceness);
    const onBatchEnded = start.reportsMemory ? memoryReport((rssMb) => port.send({ type: "memory", rssMb })) : undefined;
    void new WorkerHost({ start, port, rows: new FramedRows(memory), guard: UNGUARDED, ...(onBatchEnded && { onBatchEnded }) }).begin();
  });
  process.on("uncaughtExceptionMonitor", (error: unknown) => {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    port.send({ type: "threw", reason: `it threw ${reason}` });
  });
}

function memoryReport(send: (rssMb: number) => void): () => void {
  let last = -Infinity;
  return () => {
    const now = systemClock.now();
    if (now - last < MEMORY_REPORT_MS) return;
    last = now;
    send(process.memoryUsage.rss() / BYTES_PER_MB);
  };
}

markInsideWorker();
main();
