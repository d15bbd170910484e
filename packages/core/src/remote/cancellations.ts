import type { Clock } from "../clock/index.js";
import type { Cancellation } from "./cancellation.js";
import { probe } from "./readiness-probe.js";
import type { RequestHeaders } from "./request-headers.js";
import type { Transport } from "./transport.js";

/** A call that was given up while others of its request are still wanted. */
export interface CancelledCall {
  readonly path: string;
  readonly bundle: string;
  /** Its place in the bundle. */
  readonly call: number;
  /** Whether its request has ended meanwhile, so that nobody need be told. */
  readonly isOver: () => boolean;
}

/** Bundles in one header: with 128 places each, and its name, still far below the 16 KiB that a server reads. */
const MOST_BUNDLES = 16;
/** Nobody waits for the answer; a connection that does not give one is closed. */
const TIMEOUT_MS = 5_000;

/** Tells the server which calls are wanted no more: those of one turn in one request. Best effort: what is not heard runs to its end. */
export class Cancellations {
  #waiting: CancelledCall[] = [];

  constructor(
    private readonly transport: Transport,
    private readonly clock: Clock,
    private readonly headers: RequestHeaders,
  ) {}

  add(call: CancelledCall): void {
    this.#waiting.push(call);
    if (this.#waiting.length === 1) this.clock.nextTurn(() => this.#flush());
  }

  #flush(): void {
    const calls = this.#waiting.filter(({ isOver }) => !isOver());
    this.#waiting = [];
    for (const [path, ofPath] of groupedBy(calls, ({ path }) => path)) {
      const all = [...groupedBy(ofPath, ({ bundle }) => bundle)].map(([bundle, members]): Cancellation => ({ bundle, calls: members.map(({ call }) => call) }));
      for (let start = 0; start < all.length; start += MOST_BUNDLES) this.#send(path, all.slice(start, start + MOST_BUNDLES));
    }
  }

  #send(path: string, cancellations: readonly Cancellation[]): void {
    const request = { method: "POST", path, headers: this.headers.ofCancellations(cancellations), body: undefined } as const;
    void probe(this.transport, this.clock, request, TIMEOUT_MS);
  }
}

function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
