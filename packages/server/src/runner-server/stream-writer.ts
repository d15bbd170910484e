import { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";
import { Params, encodeStreamFrame, isBentoMLError, type Frame } from "bentoml-core";
import { pacedWrite } from "../http/paced-write.js";
import { payloadOf } from "./call-reply.js";
import type { MethodToServe } from "./runner-to-serve.js";

/** What broke a stream off and was nobody's intention: the log wants it. */
export interface UnexpectedEnd {
  readonly reason: unknown;
}

/** Writes the items of a stream as frames, as fast as the client reads them. */
export class StreamWriter {
  readonly #response: ServerResponse;
  readonly #method: MethodToServe;

  constructor(response: ServerResponse, method: MethodToServe) {
    this.#response = response;
    this.#method = method;
  }

  /** Writes `next` and all that follow it, then the end or the error that broke them off. Stops when the client is gone. */
  async write(next: IteratorResult<unknown, void>, items: AsyncIterator<unknown, void, undefined>): Promise<UnexpectedEnd | undefined> {
    try {
      for (let result = next; result.done !== true; result = await items.next()) {
        const payload = await payloadOf(result.value, this.#method);
        await this.#frame({ kind: "payloads", payloads: new Params([payload]) });
        if (this.#response.destroyed) return undefined;
      }
      await this.#frame({ kind: "end" });
      return undefined;
    } catch (error) {
      if (this.#response.destroyed) return undefined;
      await this.#frame({ kind: "error", error });
      return isBentoMLError(error) ? undefined : { reason: error };
    }
  }

  async #frame(frame: Frame): Promise<void> {
    await pacedWrite(this.#response, Buffer.concat(encodeStreamFrame(frame)));
  }
}
