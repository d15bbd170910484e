import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { Answer } from "./answer.js";
import { Connection } from "./connection.js";

/**
 * The connections of a server and what happens on them. Node's own list knows nothing of connections on which no request has begun, such as
 * those that a load balancer opens in advance, and can only break the idle ones off.
 */
export class OpenConnections {
  /** As the system accepted them; below TLS another object than that of a connection's requests. */
  readonly #accepted: Set<Socket> = new Set();
  /** Those on which requests come. */
  readonly #speaking: Set<Socket> = new Set();
  /** Connections whose handshake is going on, by their peer: nothing else leads from a socket of TLS to the one below it. */
  readonly #handshakes: Map<string, Socket> = new Map();
  /** What had come on a connection when it was looked at last, in bytes. */
  readonly #cameBefore: WeakMap<Socket, number> = new WeakMap();
  /** Requests that wait for the end of the hold; undefined when none is held. */
  #held: (() => void)[] | undefined;
  #onNone: (() => void) | undefined;

  watch(server: Server, isEncrypted: boolean): void {
    server.on("connection", (socket: Socket) => {
      this.#accept(socket);
      if (isEncrypted) this.#shakesHands(socket);
      else keepWhileOpen(this.#speaking, socket);
    });
    server.on("secureConnection", (socket: Socket) => {
      this.#handshakes.delete(peerOf(socket));
      keepWhileOpen(this.#speaking, socket);
    });
  }

  /** Connections that are open, idle ones too. */
  get count(): number {
    return this.#accepted.size;
  }

  /** Resolves as soon as no connection is open, also one that another process has accepted. */
  none(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#accepted.size === 0) resolve();
      else this.#onNone = resolve;
    });
  }

  /** A request has come. */
  began(response: Answer): void {
    Connection.of(response.req.socket).answers.push(response);
    response.on("close", answerEnded);
  }

  /** True while requests are to wait. */
  get isHolding(): boolean {
    return this.#held !== undefined;
  }

  /** @param goOn is called when the hold ends. */
  wait(goOn: () => void): void {
    this.#held?.push(goOn);
  }

  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const goOn of held) goOn();
  }

  /** Answers whose head is not written yet close their connections. */
  lastAnswers(): void {
    for (const socket of this.#speaking) {
      for (const response of Connection.of(socket).answers) if (!response.headersSent) response.shouldKeepAlive = false;
    }
  }

  /**
   * Ends connections on which nothing has come since this was called before, and that wait for no answer. The client is told by an orderly
   * end; those that it has not closed when this is called once more are dropped.
   */
  endIdle(): void {
    for (const socket of [...this.#speaking, ...this.#handshakes.values()]) {
      const came = socket.bytesRead;
      const isIdle = Connection.of(socket).answers.length === 0 && this.#cameBefore.get(socket) === came;
      this.#cameBefore.set(socket, came);
      if (!isIdle) continue;
      if (socket.writableEnded) socket.destroy();
      else socket.end();
    }
  }

  destroy(): void {
    for (const socket of this.#accepted) socket.destroy();
  }

  #accept(socket: Socket): void {
    this.#accepted.add(socket);
    socket.once("close", () => {
      this.#accepted.delete(socket);
      if (this.#accepted.size === 0) this.#onNone?.();
    });
  }

  #shakesHands(socket: Socket): void {
    const peer = peerOf(socket);
    this.#handshakes.set(peer, socket);
    socket.once("close", () => {
      if (this.#handshakes.get(peer) === socket) this.#handshakes.delete(peer);
    });
  }
}

/** One function for all requests. */
function answerEnded(this: Answer): void {
  const { answers } = Connection.of(this.req.socket);
  answers.splice(answers.indexOf(this), 1);
}

function keepWhileOpen(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${String(remoteAddress)} ${String(remotePort)}`;
}
