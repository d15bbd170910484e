import type { HeaderRecord } from "../frames/index.js";

export interface OutgoingRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
}

/** Told of one request, in this order; after `ended` or `failed` of nothing more. */
export interface ExchangeEvents {
  /** There is a connection, and the request goes out on it: from now on it may have reached the server. */
  sent(): void;
  answered(status: number, headers: HeaderRecord): void;
  /** A part of the answer's body, cut anywhere. Its memory is the receiver's. */
  arrived(chunk: Uint8Array): void;
  ended(): void;
  failed(error: Error): void;
}

/** One request on its way. */
export interface Exchange {
  /** Closes its connection, which tells the server. No event comes after it. */
  abort(): void;
  /** Holds back the answer, until `resume`. */
  pause(): void;
  resume(): void;
}

/** Connections to one server. */
export interface Transport {
  /** Loads what it needs; requests that come before wait for it. */
  start(): Promise<void>;
  send(request: OutgoingRequest, events: ExchangeEvents): Exchange;
  /** Closes all connections. */
  close(): Promise<void>;
}
