import type { RandomStream } from "./random-stream.js";

/** What every request of a load has; random where a range or several values are given. */
export interface RequestShape {
  /** Items of a request, from and to. Default: 1. */
  readonly items?: readonly [number, number];
  /** Kinds of requests, each as likely as the others; only those of one kind share a batch. Default: only 0. */
  readonly kinds?: readonly number[];
  /** How long its caller waits at most, ms, each as likely as the others. Default: for ever. */
  readonly limits?: readonly number[];
  readonly priorities?: readonly number[];
  /** Part of the callers who leave, after a time of up to `abortAfter` ms. Default: none. */
  readonly aborts?: number;
  readonly abortAfter?: number;
}

/** Callers that have one request each in flight, and send the next when they have their answer. */
export interface ClosedLoad extends RequestShape {
  readonly callers: number;
  /** Mean time between an answer and the next request, ms, exponential. Default 0. */
  readonly think?: number;
  /** Callers beyond this number leave for good after so many answers of theirs: what is left must not suffer. */
  readonly staying?: { readonly callers: number; readonly after: number };
}

/** Requests that come whether or not others have been answered. */
export interface OpenLoad extends RequestShape {
  /** Requests per ms, by how much of the run is over (0 to 1). */
  readonly rate: (progress: number) => number;
  readonly spacing: "poisson" | "periodic";
  /** So many come at once each time. Default 1. */
  readonly burst?: number;
}

export type Load = ClosedLoad | OpenLoad;

export interface DrawnShape {
  readonly items: number;
  readonly kind: number;
  readonly limit: number;
  readonly priority: number;
  /** When its caller leaves, ms after it sent the request; `Infinity` for never. */
  readonly leavesAfter: number;
}

export function drawShape({ items = [1, 1], kinds = [0], limits = [Infinity], priorities = [1], aborts = 0, abortAfter = 0 }: RequestShape, random: RandomStream): DrawnShape {
  return {
    items: items[0] === items[1] ? items[0] : random.whole(...items),
    kind: pick(kinds, random),
    limit: pick(limits, random),
    priority: pick(priorities, random),
    leavesAfter: aborts > 0 && random.chance(aborts) ? random.next() * abortAfter : Infinity,
  };
}

function pick(values: readonly number[], random: RandomStream): number {
  return (values.length === 1 ? values[0] : values[random.whole(0, values.length - 1)]) as number;
}
