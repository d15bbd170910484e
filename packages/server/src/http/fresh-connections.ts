import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Connections on which no request has begun yet, such as those that a load balancer opens in advance. Node does not count
 * them as idle, so a closing server would wait for them until their headers time out.
 */
export class FreshConnections {
  readonly #sockets: Set<Socket> = new Set();

  watch(server: Server): void {
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  /** A request has come on this one. */
  used(socket: Socket): void {
    this.#sockets.delete(socket);
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
