import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { DirectAnswer, type AnswerOwner } from "./direct-answer.js";
import { readDirectHead, type DirectHead, type DirectHeadLimits } from "./direct-head.js";
import { DirectRequest } from "./direct-request.js";

/** Answers requests of one URL. */
export interface DirectRoute {
  answer(request: DirectRequest, answer: DirectAnswer): void;
}

/** Times that a client may take, ms. */
export interface DirectTimes {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** In which something has to move on the socket. */
  readonly stalledMs: number;
}

/** What a direct connection needs of its server. */
export interface DirectOwner {
  readonly limits: DirectHeadLimits & DirectTimes;
  /** The route of a URL; undefined for one that Node's HTTP server has to answer. */
  find(url: string): DirectRoute | undefined;
  /** A request has come; `begin` answers it, now or when requests are let on. */
  arrived(answer: DirectAnswer, begin: () => void): void;
  /** Gives the connection to Node's HTTP server, for the rest of its life, with bytes that have been read of it. */
  handOver(connection: DirectConnection, socket: Socket, read: Buffer): void;
  /** What comes is no request: Node's HTTP server says so, by the code of the error that its own parser would have. */
  refuse(socket: Socket, nodeCode: "ERR_HTTP_REQUEST_TIMEOUT" | "HPE_INVALID_EOF_STATE"): void;
  closed(connection: DirectConnection): void;
}

/** So many bytes of early requests are read; beyond it the client waits. Reading on is what tells when he goes. */
const MOST_EARLY_BYTES = 65_536;

/**
 * A connection whose requests are so plain that they need no general HTTP parser, and come one after the other. The first one of another kind
 * goes to Node's HTTP server, and the connection with it.
 */
export class DirectConnection implements AnswerOwner {
  readonly #socket: Socket;
  readonly #owner: DirectOwner;
  /** The head that came last, as it was sent: the next one is mostly the same, and need not be read. */
  #knownBytes: Buffer | undefined;
  #knownHead: DirectHead | undefined;
  /** Whose body is coming. */
  #request: DirectRequest | undefined;
  /** The one that is not written yet. */
  #answer: DirectAnswer | undefined;
  /** Came before the request ahead was done with. */
  #early: Buffer | undefined;
  /** Requests are held: the body waits with the rest. */
  #isHeld = false;
  #isLast = false;
  #isAdvancing = false;
  /** When the client will have taken too long, by performance.now(). */
  #dueAt: number;

  constructor(socket: Socket, owner: DirectOwner) {
    this.#socket = socket;
    this.#owner = owner;
    this.#dueAt = performance.now() + owner.limits.headersTimeoutMs;
    socket.setTimeout(owner.limits.stalledMs);
    socket.on("data", this.#onData);
    socket.on("end", this.#onEnd);
    socket.on("drain", this.#onDrain);
    socket.on("timeout", this.#onTimeout);
    socket.on("error", this.#onError);
    socket.on("close", this.#onClose);
  }

  get keepAliveTimeoutMs(): number {
    return this.#owner.limits.keepAliveTimeoutMs;
  }

  /** Ends the connection when its client takes too long. */
  check(now: number): void {
    if (now < this.#dueAt) return;
    this.#dueAt = Infinity;
    const isIdle = this.#request === undefined && this.#knownHead !== undefined;
    if (isIdle) this.#socket.destroy();
    else this.#owner.refuse(this.#socket, "ERR_HTTP_REQUEST_TIMEOUT");
  }

  answerWritten(answer: DirectAnswer): void {
    this.#answer = undefined;
    if (!answer.shouldKeepAlive) {
      this.#isLast = true;
      this.#early = undefined;
      this.#socket.destroySoon();
    } else {
      this.#goOn();
    }
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#isLast || !this.#socket.writable) return;
    const request = this.#request;
    const taken = request === undefined || this.#isHeld ? 0 : this.#feed(request, chunk);
    if (taken < chunk.length) this.#goOn(taken === 0 ? chunk : chunk.subarray(taken));
    else if (this.#request === undefined) this.#goOn();
  };

  /** As Node's HTTP server does it: who says that nothing more will come is not answered. */
  readonly #onEnd = (): void => {
    if (this.#request !== undefined) this.#owner.refuse(this.#socket, "HPE_INVALID_EOF_STATE");
    this.#socket.end();
  };

  readonly #onDrain = (): void => {
    this.#goOn();
  };

  readonly #onTimeout = (): void => {
    this.#socket.destroy();
  };

  readonly #onError = (): void => {
    this.#socket.destroy();
  };

  readonly #onClose = (): void => {
    this.#answer?.connectionClosed();
    this.#owner.closed(this);
  };

  #feed(request: DirectRequest, bytes: Buffer): number {
    const taken = request.take(bytes);
    if (request.missing === 0) {
      this.#request = undefined;
      this.#dueAt = Infinity;
    }
    return taken;
  }

  /** Takes up the next request as soon as the one ahead is read and answered, and its answer is on its way. */
  #goOn(more?: Buffer): void {
    if (more !== undefined) this.#early = this.#early === undefined ? more : Buffer.concat([this.#early, more]);
    if (this.#isAdvancing) return;
    this.#isAdvancing = true;
    while (this.#early !== undefined && this.#isFree) this.#begin(this.#early);
    this.#isAdvancing = false;
    this.#setPace();
  }

  get #isFree(): boolean {
    return this.#answer === undefined && this.#request === undefined && !this.#isLast && !this.#socket.writableNeedDrain;
  }

  #setPace(): void {
    if (this.#isLast) return;
    const shouldWait = (this.#early?.length ?? 0) > MOST_EARLY_BYTES || this.#socket.writableNeedDrain;
    if (shouldWait !== this.#socket.isPaused()) {
      if (shouldWait) this.#socket.pause();
      else this.#socket.resume();
    }
    if (this.#isFree) this.#dueAt = performance.now() + this.keepAliveTimeoutMs;
  }

  #begin(bytes: Buffer): void {
    this.#early = undefined;
    const head = this.#headOf(bytes);
    const route = head && this.#owner.find(head.url);
    // Requests that come together are to run together as well: their answers have to be put in order, as Node does it.
    if (head === undefined || route === undefined || bytes.length > head.bytes + head.contentLength) return this.#handOver(bytes);
    const request = new DirectRequest(this.#socket, head);
    const answer = new DirectAnswer(request, this);
    this.#request = request;
    this.#answer = answer;
    this.#dueAt = performance.now() + this.#owner.limits.requestTimeoutMs;
    this.#early = bytes.subarray(head.bytes);
    this.#isHeld = true;
    this.#owner.arrived(answer, () => this.#start(route, request, answer));
  }

  #start(route: DirectRoute, request: DirectRequest, answer: DirectAnswer): void {
    this.#isHeld = false;
    const bytes = this.#early ?? Buffer.alloc(0);
    this.#early = undefined;
    route.answer(request, answer);
    const taken = this.#feed(request, bytes);
    this.#goOn(taken < bytes.length ? bytes.subarray(taken) : undefined);
  }

  #headOf(bytes: Buffer): DirectHead | undefined {
    const known = this.#knownBytes;
    if (known !== undefined && known.length <= bytes.length && known.compare(bytes, 0, known.length) === 0) return this.#knownHead;
    const head = readDirectHead(bytes, this.#owner.limits);
    if (head !== undefined) {
      // A copy: a part of these bytes would keep all of them.
      this.#knownBytes = Buffer.from(bytes.subarray(0, head.bytes));
      this.#knownHead = head;
    }
    return head;
  }

  #handOver(read: Buffer): void {
    const socket = this.#socket;
    this.#isLast = true;
    socket.off("data", this.#onData);
    socket.off("end", this.#onEnd);
    socket.off("drain", this.#onDrain);
    socket.off("timeout", this.#onTimeout);
    socket.off("error", this.#onError);
    socket.off("close", this.#onClose);
    this.#owner.handOver(this, socket, read);
  }
}
