import type { ProcessMetrics } from "bentoml-server";
import type { FromProcess } from "./messages.js";
import type { ServingProcess } from "./serving-process.js";

/** A process that says nothing within this is left out of a page, ms. */
const PATIENCE_MS = 1_000;

/** Asks all processes for their metrics when one of them is asked for its page. */
export class MetricsGathering {
  readonly #all: () => readonly ServingProcess[];
  readonly #pending: Map<number, { readonly waiting: Set<ServingProcess>; readonly metrics: ProcessMetrics[]; readonly finish: () => void }> = new Map();
  #lastId = 0;

  constructor(all: () => readonly ServingProcess[]) {
    this.#all = all;
  }

  /** Answers with the metrics of all others. */
  gather(asker: ServingProcess, askersId: number): void {
    const id = ++this.#lastId;
    const waiting = new Set(this.#all().filter((process) => process !== asker && !process.hasEnded));
    const metrics: ProcessMetrics[] = [];
    const finish = (): void => {
      clearTimeout(late);
      if (!this.#pending.delete(id)) return;
      asker.send({ type: "othersMetrics", id: askersId, metrics });
    };
    const late = setTimeout(finish, PATIENCE_MS);
    this.#pending.set(id, { waiting, metrics, finish });
    for (const process of waiting) {
      process.send({ type: "tellMetrics", id });
      void process.ended.then(() => this.#left(id, process));
    }
    if (waiting.size === 0) finish();
  }

  /** A process has answered. */
  take({ id, metrics }: Extract<FromProcess, { readonly type: "metrics" }>, from: ServingProcess): void {
    this.#pending.get(id)?.metrics.push(metrics);
    this.#left(id, from);
  }

  #left(id: number, process: ServingProcess): void {
    const request = this.#pending.get(id);
    if (request === undefined) return;
    request.waiting.delete(process);
    if (request.waiting.size === 0) request.finish();
  }
}
