import type { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import type { ArrivingRequest } from "../answer.js";
import type { DirectHead } from "./direct-head.js";

/** A request of a direct connection: what of Node's IncomingMessage is looked at. */
export class DirectRequest implements ArrivingRequest {
  readonly method = "POST";
  readonly httpVersion = "1.1";
  readonly url: string;
  readonly rawHeaders: readonly string[];
  /** Bytes of the body that have not come yet. */
  missing: number;
  #onData: ((chunk: Buffer) => void) | undefined;
  #onEnd: (() => void) | undefined;

  constructor(
    readonly socket: Socket,
    { url, rawHeaders, contentLength }: DirectHead,
  ) {
    this.url = url;
    this.rawHeaders = rawHeaders;
    this.missing = contentLength;
  }

  /** One listener for each event: there is one reader. */
  on(event: "data" | "end", listener: ((chunk: Buffer) => void) & (() => void)): this {
    if (event === "data") this.#onData = listener;
    else this.#onEnd = listener;
    return this;
  }

  resume(): this {
    this.#onData = undefined;
    return this;
  }

  /** Takes what belongs to the body from the beginning of these bytes, and gives how many that were. */
  take(bytes: Buffer): number {
    const taken = Math.min(bytes.length, this.missing);
    this.missing -= taken;
    if (taken > 0) this.#onData?.(taken === bytes.length ? bytes : bytes.subarray(0, taken));
    if (this.missing === 0) this.#onEnd?.();
    return taken;
  }
}
