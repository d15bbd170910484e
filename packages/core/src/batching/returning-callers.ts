/**
 * What is known about callers that were just answered and may come back at once, as clients with one request in flight do.
 * They are matched first in, first out: no identity of a caller is needed. All times in ms of the clock.
 */
const LEARNING_RATE = 0.2;
const ITEMS_RATE = 0.05;
const ARRIVALS_RATE = 0.05;

interface AnsweredGroup {
  readonly answeredAt: number;
  readonly callers: number;
  left: number;
  lastReturn: number;
}

export class ReturningCallers {
  /** Share of answered callers that return within the horizon, 0 to 1. */
  share = 0;
  /** Mean time between two returns of a group, ms, and its mean deviation. */
  gap = 0;
  gapDeviation = 0;
  /** Mean time from the answers to the first return, ms. */
  first = 0;
  /** Mean items of a call. */
  items = 1;
  /** Mean time between two arrivals, ms. */
  betweenArrivals = 0;
  readonly #groups: AnsweredGroup[] = [];
  #lastArrival = -1;

  /** Groups whose time is up count as returned with what came. */
  expire(now: number, horizon: number): void {
    while (this.#groups.length > 0 && now - this.#oldest.answeredAt > horizon) this.#settle(this.#groups.shift() as AnsweredGroup);
  }

  /** A call of `items` was accepted. `longestGap` bounds one sample of the time between arrivals, so that a pause does not blur it. */
  arrived(now: number, items: number, horizon: number, longestGap: number): void {
    this.items += (items - this.items) * ITEMS_RATE;
    this.expire(now, horizon);
    if (this.#groups.length > 0) this.#countReturn(this.#oldest, now);
    if (this.#lastArrival >= 0) {
      const between = Math.min(Math.max(now - this.#lastArrival, 0), longestGap);
      this.betweenArrivals += (between - this.betweenArrivals) * ARRIVALS_RATE;
    }
    this.#lastArrival = now;
  }

  /** `callers` were answered just now. */
  answered(now: number, callers: number, horizon: number): void {
    this.expire(now, horizon);
    if (callers > 0) this.#groups.push({ answeredAt: now, callers, left: callers, lastReturn: -1 });
  }

  /** Oldest group that is still expected, if any. */
  get awaited(): { readonly answeredAt: number; readonly lastReturn: number; readonly noneReturned: boolean } | undefined {
    const group = this.#groups[0];
    if (group === undefined) return undefined;
    return { answeredAt: group.answeredAt, lastReturn: group.lastReturn, noneReturned: group.left === group.callers };
  }

  /** When the last caller of any group came back, or -1. */
  get lastReturn(): number {
    let last = -1;
    for (const group of this.#groups) last = Math.max(last, group.lastReturn);
    return last;
  }

  /** Callers that are still expected back. */
  get expected(): number {
    let expected = 0;
    for (const group of this.#groups) expected += Math.max(0, this.share * group.callers - (group.callers - group.left));
    return expected;
  }

  get #oldest(): AnsweredGroup {
    return this.#groups[0] as AnsweredGroup;
  }

  #countReturn(group: AnsweredGroup, now: number): void {
    if (group.left === group.callers) {
      this.first += (Math.max(now - group.answeredAt, 0) - this.first) * LEARNING_RATE;
    } else {
      const error = Math.max(now - group.lastReturn, 0) - this.gap;
      this.gap += error * LEARNING_RATE;
      this.gapDeviation += (Math.abs(error) - this.gapDeviation) * LEARNING_RATE;
    }
    group.lastReturn = now;
    group.left--;
    if (group.left === 0) this.#settle(this.#groups.shift() as AnsweredGroup);
  }

  #settle(group: AnsweredGroup): void {
    this.share += ((group.callers - group.left) / group.callers - this.share) * LEARNING_RATE;
  }
}
