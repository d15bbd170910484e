import type { Counted, CountedKind, FromProcess } from "./messages.js";
import type { ServingProcess } from "./serving-process.js";

/** A process that says nothing within this is left out, ms. */
const PATIENCE_MS = 1_000;

interface Pending {
  readonly waiting: Set<ServingProcess>;
  readonly told: Counted[];
  readonly finish: () => void;
}

/** Asks all processes for what they have counted when one of them is asked for it. */
export class Gathering {
  readonly #all: () => readonly ServingProcess[];
  readonly #pending: Map<number, Pending> = new Map();
  #lastId = 0;

  constructor(all: () => readonly ServingProcess[]) {
    this.#all = all;
  }

  /** Answers with what all others have counted. */
  gather(kind: CountedKind, asker: ServingProcess, askersId: number): void {
    const id = ++this.#lastId;
    const waiting = new Set(this.#all().filter((process) => process !== asker && !process.hasEnded));
    const told: Counted[] = [];
    const finish = (): void => {
      clearTimeout(late);
      if (!this.#pending.delete(id)) return;
      asker.send({ type: "others", id: askersId, told });
    };
    const late = setTimeout(finish, PATIENCE_MS);
    this.#pending.set(id, { waiting, told, finish });
    for (const process of waiting) {
      process.send({ type: "tell", kind, id });
      void process.ended.then(() => this.#left(id, process));
    }
    if (waiting.size === 0) finish();
  }

  /** A process has answered. */
  take({ id, counted }: Extract<FromProcess, { readonly type: "told" }>, from: ServingProcess): void {
    this.#pending.get(id)?.told.push(counted);
    this.#left(id, from);
  }

  #left(id: number, process: ServingProcess): void {
    const request = this.#pending.get(id);
    if (request === undefined) return;
    request.waiting.delete(process);
    if (request.waiting.size === 0) request.finish();
  }
}
