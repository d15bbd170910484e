import { randomBytes } from "node:crypto";

/** Makes ids of requests that brought none: a random part for the process and a number for the request. A random id each would cost ten times as much. */
export class RequestIds {
  readonly #prefix: string = randomBytes(8).toString("hex");
  #made = 0;

  next(): string {
    return `${this.#prefix}-${(this.#made++).toString(36)}`;
  }
}
