import type { CallPlace, RemoteCall } from "./remote-call.js";

/** Bytes of arguments in one request; a call that does not fit travels in the next one. */
const MOST_BYTES = 1 << 20;

/** Calls that wait for a connection: the first first, and those of its method that may travel with it. */
export class CallQueue implements CallPlace {
  /** By method. Sets keep their order, and lose one from their middle at no cost. */
  readonly #lanes = new Map<string, Set<RemoteCall>>();
  #turns = 0;
  #calls = 0;
  #items = 0;

  /** Calls that wait. */
  get calls(): number {
    return this.#calls;
  }

  /** Items of the calls that wait. */
  get items(): number {
    return this.#items;
  }

  add(call: RemoteCall): void {
    const lane = this.#lanes.get(call.method.name);
    if (lane === undefined) this.#lanes.set(call.method.name, new Set([call]));
    else lane.add(call);
    call.turn = this.#turns++;
    this.#calls++;
    this.#items += call.outgoing.items;
    call.place = this;
  }

  leave(call: RemoteCall): void {
    if (this.#lanes.get(call.method.name)?.delete(call) !== true) return;
    this.#calls--;
    this.#items -= call.outgoing.items;
  }

  /** The calls of the next request, at most `most`; none when nobody waits. */
  take(most: number): RemoteCall[] {
    const lane = this.#firstLane();
    const taken: RemoteCall[] = [];
    let bytes = 0;
    for (const call of lane) {
      bytes += call.outgoing.bytes;
      if (taken.length > 0 && (taken.length >= most || bytes > MOST_BYTES || !mayTravelInCompany(call))) break;
      taken.push(call);
      if (!mayTravelInCompany(call)) break;
    }
    for (const call of taken) this.leave(call);
    return taken;
  }

  #firstLane(): Iterable<RemoteCall> {
    let first: Set<RemoteCall> | undefined;
    let firstTurn = Infinity;
    for (const lane of this.#lanes.values()) {
      const [head] = lane;
      if (head === undefined || head.turn >= firstTurn) continue;
      first = lane;
      firstTurn = head.turn;
    }
    return first ?? [];
  }
}

function mayTravelInCompany({ outgoing, isRefusedInCompany }: RemoteCall): boolean {
  return outgoing.payloads !== undefined && !isRefusedInCompany;
}
