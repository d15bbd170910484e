import type { OutgoingHttpHeader, OutgoingHttpHeaders } from "node:http";
import type { Socket } from "node:net";

/** The head of a request: Node's IncomingMessage, or what a direct connection read. */
export interface AskedRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly httpVersion: string;
  /** Names and values by turns, as sent. */
  readonly rawHeaders: readonly string[];
  readonly socket: Socket;
}

/** A request whose body is still to be read. */
export interface ArrivingRequest extends AskedRequest {
  on(event: "data", listener: (chunk: Buffer) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  /** What still comes is thrown away. */
  resume(): unknown;
}

/** The answer to a request: Node's ServerResponse, or that of a direct connection. */
export interface Answer {
  readonly req: AskedRequest;
  /** Null while it is queued behind the answers to earlier requests. */
  readonly socket: Socket | null;
  readonly statusCode: number;
  /** False: the connection is closed behind it. To be changed before the head is written. */
  shouldKeepAlive: boolean;
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  /** All of it has been handed to the system. */
  readonly writableFinished: boolean;
  setHeader(name: string, value: string): unknown;
  getHeader(name: string): OutgoingHttpHeader | undefined;
  writeHead(status: number, headers: OutgoingHttpHeaders): unknown;
  end(body: string | Buffer, encoding?: BufferEncoding): unknown;
  on(event: "close", listener: () => void): unknown;
  once(event: "close", listener: () => void): unknown;
  off(event: "close", listener: () => void): unknown;
}
