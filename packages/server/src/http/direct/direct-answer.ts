import type { Buffer } from "node:buffer";
import { STATUS_CODES, type OutgoingHttpHeader, type OutgoingHttpHeaders } from "node:http";
import type { Socket } from "node:net";
import type { Answer } from "../answer.js";
import type { DirectRequest } from "./direct-request.js";
import { httpDate } from "./http-date.js";

/** Whom an answer tells how far it is. */
export interface AnswerOwner {
  readonly keepAliveTimeoutMs: number;
  /** All of it has been written. */
  answerWritten(answer: DirectAnswer): void;
}

/** The answer to a request of a direct connection, written as one piece. */
export class DirectAnswer implements Answer {
  shouldKeepAlive = true;
  headersSent = false;
  destroyed = false;
  writableFinished = false;
  statusCode = 200;
  readonly #owner: AnswerOwner;
  #headers: [name: string, value: OutgoingHttpHeader][] | undefined;
  #onClose: (() => void)[] | undefined;

  constructor(
    readonly req: DirectRequest,
    owner: AnswerOwner,
  ) {
    this.#owner = owner;
  }

  get socket(): Socket {
    return this.req.socket;
  }

  setHeader(name: string, value: string): this {
    (this.#headers ??= []).push([name, value]);
    return this;
  }

  getHeader(name: string): OutgoingHttpHeader | undefined {
    const lowered = name.toLowerCase();
    return this.#headers?.findLast(([candidate]) => candidate.toLowerCase() === lowered)?.[1];
  }

  writeHead(status: number, headers: OutgoingHttpHeaders): this {
    this.statusCode = status;
    const list = (this.#headers ??= []);
    for (const name in headers) list.push([name, headers[name] as OutgoingHttpHeader]);
    return this;
  }

  end(body: string | Buffer, encoding: BufferEncoding = "utf8"): this {
    const { socket } = this.req;
    if (this.headersSent || this.destroyed || !socket.writable) return this;
    this.headersSent = true;
    const head = this.#head();
    if (typeof body === "string") {
      socket.write(head + body, encoding);
    } else {
      socket.cork();
      socket.write(head, "latin1");
      socket.write(body);
      socket.uncork();
    }
    // Mostly the system takes it at once.
    if (socket.writableLength === 0) this.#finish();
    else socket.write("", (error) => (error ? this.connectionClosed() : this.#finish()));
    this.#owner.answerWritten(this);
    return this;
  }

  on(_event: "close", listener: () => void): this {
    (this.#onClose ??= []).push(listener);
    return this;
  }

  once(event: "close", listener: () => void): this {
    return this.on(event, listener);
  }

  off(_event: "close", listener: () => void): this {
    this.#onClose = this.#onClose?.filter((other) => other !== listener);
    return this;
  }

  /** The connection is closed, whatever has been written. */
  connectionClosed(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.#tell();
  }

  #finish(): void {
    if (this.destroyed) return;
    this.writableFinished = true;
    this.destroyed = true;
    this.#tell();
  }

  #tell(): void {
    const listeners = this.#onClose;
    if (listeners === undefined) return;
    this.#onClose = undefined;
    for (const listener of listeners) listener.call(this);
  }

  /** As Node writes it: our headers, then those of the connection. */
  #head(): string {
    let head = `HTTP/1.1 ${this.statusCode} ${STATUS_CODES[this.statusCode] ?? "unknown"}\r\n`;
    for (const [name, value] of this.#headers ?? []) head += `${name}: ${String(value)}\r\n`;
    head += `Date: ${httpDate()}\r\n`;
    if (!this.shouldKeepAlive) return `${head}Connection: close\r\n\r\n`;
    return `${head}Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(this.#owner.keepAliveTimeoutMs / 1000)}\r\n\r\n`;
  }
}
