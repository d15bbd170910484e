import type { Call } from "../calls/index.js";
import { CallQueue } from "./call-queue.js";

interface Lane<Input, Result> {
  readonly weight: number;
  readonly queue: CallQueue<Input, Result>;
  /** Items taken so far over weight: the lane with the least goes next. */
  served: number;
}

/**
 * What waits under one key: a queue for each weight. They share batches, and the places in these are given out by weight
 * (start-time fair queueing), so that calls of little weight go slower but never starve. Mostly there is a single lane.
 */
export class WeightedQueue<Input, Result> {
  readonly #lanes: Lane<Input, Result>[] = [];

  /** Items that wait. */
  get items(): number {
    let items = 0;
    for (const lane of this.#lanes) items += lane.queue.items;
    return items;
  }

  /** Calls that wait. */
  get length(): number {
    let calls = 0;
    for (const lane of this.#lanes) calls += lane.queue.length;
    return calls;
  }

  /** The call that is taken next. */
  get head(): Call<Input, Result> | undefined {
    return this.#next()?.queue.head;
  }

  /** When the first call of any lane must have started, ms of the clock; `Infinity` when none must. */
  get earliestStartBy(): number {
    let earliest = Infinity;
    for (const { queue } of this.#lanes) earliest = Math.min(earliest, queue.head?.startBy ?? Infinity);
    return earliest;
  }

  /** When the call that has waited longest at the head of a lane was accepted, ms of the clock. */
  get oldestAcceptedAt(): number {
    let oldest = Infinity;
    for (const { queue } of this.#lanes) oldest = Math.min(oldest, queue.head?.acceptedAt ?? Infinity);
    return oldest;
  }

  push(call: Call<Input, Result>, dueBy: number): void {
    const lane = this.#laneOf(call.weight);
    // An idle lane starts level with the others and cannot claim the time in which it was empty.
    if (lane.queue.head === undefined) lane.served = Math.max(lane.served, this.#next()?.served ?? 0);
    lane.queue.push(call, dueBy);
  }

  /** Takes the head without counting it as served. */
  shift(): Call<Input, Result> | undefined {
    return this.#next()?.queue.shift();
  }

  withdraw(call: Call<Input, Result>): void {
    this.#laneOf(call.weight).queue.withdraw(call);
  }

  /** Takes calls as long as they fit into `maxItems`; the first is taken in any case. */
  take(maxItems: number): Call<Input, Result>[] {
    const taken: Call<Input, Result>[] = [];
    let items = 0;
    for (let lane = this.#next(); lane !== undefined; lane = this.#next()) {
      const call = lane.queue.head as Call<Input, Result>;
      if (taken.length > 0 && items + call.items > maxItems) break;
      items += call.items;
      lane.served += call.items / lane.weight;
      lane.queue.shift();
      taken.push(call);
    }
    return taken;
  }

  /** Items that would be taken before a call of this weight that is due by then. */
  itemsBefore(weight: number, dueBy: number): number {
    const own = this.#lanes.find((lane) => lane.weight === weight)?.queue.itemsBefore(dueBy) ?? 0;
    let items = own;
    for (const lane of this.#lanes) {
      if (lane.weight !== weight) items += Math.min(lane.queue.items, ((own + 1) * lane.weight) / weight);
    }
    return items;
  }

  #next(): Lane<Input, Result> | undefined {
    let next: Lane<Input, Result> | undefined;
    for (const lane of this.#lanes) {
      if (lane.queue.head !== undefined && (next === undefined || lane.served < next.served)) next = lane;
    }
    return next;
  }

  #laneOf(weight: number): Lane<Input, Result> {
    let lane = this.#lanes.find((each) => each.weight === weight);
    if (lane === undefined) {
      lane = { weight, queue: new CallQueue(), served: 0 };
      this.#lanes.push(lane);
    }
    return lane;
  }
}
