import type { Buffer } from "node:buffer";
import { channel } from "node:diagnostics_channel";
import { EventEmitter } from "node:events";
import type { Server } from "node:http";
import type { Socket } from "node:net";
import type { OpenConnections } from "../open-connections.js";
import type { DirectAnswer } from "./direct-answer.js";
import { DirectConnection, type DirectOwner, type DirectRoute } from "./direct-connection.js";

/** What a direct lane is made of. */
export interface DirectLaneSetting {
  readonly limits: DirectOwner["limits"];
  readonly connections: OpenConnections;
  /** Between two looks for clients that take too long, ms. */
  readonly checkIntervalMs: number;
  /** The route of a URL; undefined for one that Node's HTTP server has to answer. */
  readonly find: (url: string) => DirectRoute | undefined;
}

type ConnectionListener = (this: Server, socket: Socket) => void;

/**
 * Answers plain requests of a server without Node's HTTP parser and message objects, which are more than half of what a small request costs.
 * It has a connection from its first byte to the first request that is not plain; then Node's HTTP server has it, as if it had come just then.
 */
export class DirectLane implements DirectOwner {
  readonly limits: DirectOwner["limits"];
  readonly #setting: DirectLaneSetting;
  readonly #server: Server;
  readonly #nodeListener: ConnectionListener;
  readonly #open: Set<DirectConnection> = new Set();

  private constructor(server: Server, nodeListener: ConnectionListener, setting: DirectLaneSetting) {
    this.#server = server;
    this.#nodeListener = nodeListener;
    this.#setting = setting;
    this.limits = setting.limits;
  }

  /** Puts the lane in front of a server. @param event with which a connection comes that can be spoken on. */
  static openFor(server: Server, event: "connection" | "secureConnection", setting: DirectLaneSetting): void {
    const [nodeListener] = server.listeners(event) as ConnectionListener[];
    if (nodeListener === undefined) return;
    const lane = new DirectLane(server, nodeListener, setting);
    server.off(event, nodeListener);
    server.on(event, (socket: Socket) => lane.#take(socket));
    const checks = setInterval(() => lane.#check(), setting.checkIntervalMs).unref();
    server.once("close", () => clearInterval(checks));
  }

  find(url: string): DirectRoute | undefined {
    return this.#setting.find(url);
  }

  arrived(answer: DirectAnswer, begin: () => void): void {
    const { connections } = this.#setting;
    connections.began(answer);
    if (connections.isHolding) connections.wait(begin);
    else begin();
  }

  handOver(connection: DirectConnection, socket: Socket, read: Buffer): void {
    this.#open.delete(connection);
    socket.pause();
    this.#nodeListener.call(this.#server, socket);
    socket.unshift(read);
    socket.resume();
  }

  refuse(socket: Socket, code: string): void {
    this.#server.emit("clientError", Object.assign(new Error(code), { code }), socket);
  }

  closed(connection: DirectConnection): void {
    this.#open.delete(connection);
  }

  #take(socket: Socket): void {
    if (isObserved(this.#server)) this.#nodeListener.call(this.#server, socket);
    else this.#open.add(new DirectConnection(socket, this));
  }

  #check(): void {
    const now = performance.now();
    for (const connection of this.#open) connection.check(now);
  }
}

/** True when somebody looks at each request by way of node:http, as agents that trace programs do: they are to see all of them. */
function isObserved(server: Server): boolean {
  return server.emit !== EventEmitter.prototype.emit || channel("http.server.request.start").hasSubscribers;
}
