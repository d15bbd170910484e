import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Connections on which no request has begun yet, such as those that a load balancer opens in advance. Node does not count
 * them as idle, so a closing server would wait for them until their headers, or their handshake, time out.
 */
export class FreshConnections {
  readonly #sockets: Set<Socket> = new Set();
  /** All that are open, whatever happens on them. */
  readonly #open: Set<Socket> = new Set();
  #onNone: (() => void) | undefined;
  /** Connections whose handshake is going on, by their peer: the socket of a request is another object than the one below it. */
  readonly #handshakes: Map<string, Socket> = new Map();

  watch(server: Server, isEncrypted: boolean): void {
    server.on("connection", (socket: Socket) => this.#opened(socket));
    if (!isEncrypted) {
      server.on("connection", (socket: Socket) => this.#add(socket));
      return;
    }
    server.on("connection", (socket: Socket) => {
      const peer = peerOf(socket);
      this.#handshakes.set(peer, socket);
      socket.once("close", () => {
        if (this.#handshakes.get(peer) === socket) this.#handshakes.delete(peer);
      });
    });
    server.on("secureConnection", (socket: Socket) => {
      this.#handshakes.delete(peerOf(socket));
      this.#add(socket);
    });
  }

  /** Connections that are open, idle ones too. */
  get count(): number {
    return this.#open.size;
  }

  /** Resolves as soon as no connection is open, also one that another process has accepted. */
  none(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#open.size === 0) resolve();
      else this.#onNone = resolve;
    });
  }

  /** A request has come on this one. */
  used(socket: Socket): void {
    this.#sockets.delete(socket);
  }

  destroy(): void {
    for (const socket of [...this.#sockets, ...this.#handshakes.values()]) socket.destroy();
  }

  #opened(socket: Socket): void {
    this.#open.add(socket);
    socket.once("close", () => {
      this.#open.delete(socket);
      if (this.#open.size === 0) this.#onNone?.();
    });
  }

  #add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${String(remoteAddress)} ${String(remotePort)}`;
}
