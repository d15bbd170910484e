import { StateError } from "../errors/index.js";

/** Something that `runSync` would have to wait for, and cannot, since promises do not settle while the thread blocks. */
export function notSynchronous(what: string): StateError {
  return new StateError(`${what}; runSync cannot wait for that: use run().`, { code: "NOT_SYNCHRONOUS" });
}
