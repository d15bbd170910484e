import { LinkedList } from "../calls/index.js";
import type { CallPlace, RemoteCall } from "./remote-call.js";

/** Bytes of arguments in one request; a call that does not fit travels in the next one. */
const MOST_BYTES = 1 << 20;

/** Calls that wait for a connection: the first first, and those of its method that may travel with it. */
export class CallQueue implements CallPlace {
  /** By method. */
  readonly #lanes = new Map<string, LinkedList<RemoteCall>>();
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
    call.waits = this.#laneOf(call).add(call);
    call.turn = this.#turns++;
    this.#calls++;
    this.#items += call.outgoing.items;
    call.place = this;
  }

  leave(call: RemoteCall): void {
    if (call.waits === undefined || !this.#laneOf(call).remove(call.waits)) return;
    call.waits = undefined;
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

  #laneOf({ method }: RemoteCall): LinkedList<RemoteCall> {
    let lane = this.#lanes.get(method.name);
    if (lane === undefined) this.#lanes.set(method.name, (lane = new LinkedList()));
    return lane;
  }

  #firstLane(): Iterable<RemoteCall> {
    let first: LinkedList<RemoteCall> | undefined;
    let firstTurn = Infinity;
    for (const lane of this.#lanes.values()) {
      const head = lane.first;
      if (head === undefined || head.item.turn >= firstTurn) continue;
      first = lane;
      firstTurn = head.item.turn;
    }
    return first ?? [];
  }
}

function mayTravelInCompany({ outgoing, isRefusedInCompany }: RemoteCall): boolean {
  return outgoing.payloads !== undefined && !isRefusedInCompany;
}
