import type { AnyRunner } from "bentoml-core";
import type { LeftOut } from "./ability.js";

/** Where a model runs. */
export interface Place {
  /** For messages. */
  readonly name: string;
  start(runner: AnyRunner): Promise<unknown>;
}

export const thisThread: Place = { name: "in this thread", start: (runner) => runner.initLocal({ quiet: true }) };
export const workerThreads: Place = { name: "in a worker thread", start: (runner) => runner.init() };
/** For adapters whose models run elsewhere. */
const elsewhere: Place = { name: "where its runner has it run", start: (runner) => runner.init() };

/** All places where the adapter's models can run. */
export function placesOf(leftOut: LeftOut | undefined): readonly Place[] {
  const places = [...(leftOut?.local === undefined ? [thisThread] : []), ...(leftOut?.workers === undefined ? [workerThreads] : [])];
  return places.length === 0 ? [elsewhere] : places;
}

/** The one that is most like production. */
export function mainPlaceOf(leftOut: LeftOut | undefined): Place {
  return placesOf(leftOut).at(-1) as Place;
}
