import { setMaxListeners } from "node:events";
import type { Socket } from "node:net";
import type { Answer } from "./answer.js";
import { clientHasGone } from "./server-errors.js";

const CONNECTION: unique symbol = Symbol("connection");

/** What waits for a body and has to know when none will come. */
export interface InterruptedReader {
  clientHasGone(): void;
}

/**
 * State of one client connection. HTTP/1.1 can only cancel a request by closing its connection, so one abort signal
 * serves all calls of a connection: made with the first call, it costs the later ones nothing.
 */
export class Connection {
  isClosed: boolean;
  /** Whoever is reading a body from this connection. */
  reader: InterruptedReader | undefined;
  /**
   * Answers that have not ended, several where requests are pipelined. Not in one Set for the whole server: of a Set that calls pass through
   * the collector keeps each outgrown table, and what was in it, until it looks through the whole heap (a fifth of the throughput, measured).
   */
  readonly answers: Answer[] = [];
  #controller: AbortController | undefined;
  #signal: AbortSignal | undefined;

  private constructor(socket: Socket) {
    this.isClosed = socket.destroyed;
    socket.once("close", () => this.#close());
  }

  /** The state that belongs to a socket. */
  static of(socket: Socket & { [CONNECTION]?: Connection }): Connection {
    const known = socket[CONNECTION];
    if (known !== undefined) return known;
    const connection = new Connection(socket);
    socket[CONNECTION] = connection;
    return connection;
  }

  /** Aborted when the client goes. */
  get signal(): AbortSignal {
    if (this.#signal === undefined) {
      this.#controller = new AbortController();
      this.#signal = this.#controller.signal;
      // Pipelined requests wait on it together, any number of them: that is no leak to warn of.
      setMaxListeners(0, this.#signal);
      if (this.isClosed) this.#controller.abort(clientHasGone());
    }
    return this.#signal;
  }

  #close(): void {
    this.isClosed = true;
    this.reader?.clientHasGone();
    this.#controller?.abort(clientHasGone());
  }
}
