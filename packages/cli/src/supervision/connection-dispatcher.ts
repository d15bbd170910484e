import { createServer, type Server, type Socket } from "node:net";
import { listenOn, stopAccepting, type ListeningAddress } from "bentoml-server";

/** Connections that wait for a process, at most; more are closed. */
const MOST_WAITING = 10_000;
/** How long connections wait at most while the port looks for a quiet moment to close, ms. */
const LONGEST_HOLD_MS = 1_000;

/** Who takes connections. */
export interface ConnectionTaker {
  /** Resolves with whether it took it; one that it did not take stays open here. */
  give(socket: Socket): Promise<boolean>;
}

/**
 * Listens on the port for all processes, and hands each connection to one of them in turn. Unlike a listening handle that they share, the
 * port outlives all of them: while none is ready, connections wait; when one is replaced, the next connection is the new one's.
 */
export class ConnectionDispatcher {
  readonly #server: Server;
  readonly #waiting: Socket[] = [];
  /** In the order in which they get the next ones. */
  readonly #free: ConnectionTaker[] = [];
  readonly #takers: Set<ConnectionTaker> = new Set();
  #isClosed = false;
  #isHolding = false;
  #underWay = 0;
  #onAllHanded: (() => void) | undefined;

  constructor() {
    this.#server = createServer({ pauseOnConnect: true }, (socket) => this.#accept(socket));
  }

  /** Rejects as a server of bentoml-server does, such as with PORT_IN_USE. */
  listen(host: string, port: number): Promise<ListeningAddress> {
    return listenOn(this.#server, host, port);
  }

  /** From now on it gets its share of the connections. */
  add(taker: ConnectionTaker): void {
    if (this.#takers.has(taker)) return;
    this.#takers.add(taker);
    this.#free.push(taker);
    this.#dispatch();
  }

  /** From now on it gets none. */
  remove(taker: ConnectionTaker): void {
    this.#takers.delete(taker);
    const place = this.#free.indexOf(taker);
    if (place >= 0) this.#free.splice(place, 1);
  }

  /**
   * Accepts no more connections, from a moment on at which nobody connects: none is broken. Resolves when all that were accepted are handed
   * over, or there is nobody to take them.
   */
  async stopListening(): Promise<void> {
    this.#isHolding = true;
    await stopAccepting(this.#server, LONGEST_HOLD_MS);
    this.#isHolding = false;
    this.#dispatch();
    if (!this.#hasHandedAll) await new Promise<void>((resolve) => (this.#onAllHanded = resolve));
  }

  /** Closes those that nobody has taken. */
  close(): void {
    this.#isClosed = true;
    if (this.#server.listening) this.#server.close();
    for (const socket of this.#waiting.splice(0)) socket.destroy();
  }

  #accept(socket: Socket): void {
    // A client that goes away meanwhile is found out by whoever takes it.
    socket.on("error", () => undefined);
    if (this.#waiting.length >= MOST_WAITING) socket.destroy();
    else this.#waiting.push(socket);
    this.#dispatch();
  }

  get #hasHandedAll(): boolean {
    return this.#underWay === 0 && (this.#waiting.length === 0 || this.#takers.size === 0);
  }

  #dispatch(): void {
    while (!this.#isHolding && this.#waiting.length > 0 && this.#free.length > 0) {
      void this.#hand(this.#waiting.shift() as Socket, this.#free.shift() as ConnectionTaker);
    }
  }

  /** A taker gets the next one only when it has taken this one: one that is stuck holds up nothing. */
  async #hand(socket: Socket, taker: ConnectionTaker): Promise<void> {
    this.#underWay++;
    const isTaken = await taker.give(socket);
    this.#underWay--;
    if (isTaken) {
      // Closes this process's copy; the connection is the other process's.
      socket.destroy();
      if (this.#takers.has(taker)) this.#free.push(taker);
    } else {
      this.remove(taker);
      if (this.#isClosed) socket.destroy();
      else this.#waiting.unshift(socket);
    }
    this.#dispatch();
    if (this.#hasHandedAll) this.#onAllHanded?.();
  }
}
