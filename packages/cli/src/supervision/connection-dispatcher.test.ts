import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConnectionDispatcher, type ConnectionTaker } from "./connection-dispatcher.js";

/** Takes connections when the test says so. */
class Taker implements ConnectionTaker {
  readonly given: Socket[] = [];
  #answer: ((isTaken: boolean) => void) | undefined;
  #onGiven: () => void = () => undefined;

  give(socket: Socket): Promise<boolean> {
    this.given.push(socket);
    this.#onGiven();
    return new Promise((resolve) => (this.#answer = resolve));
  }

  async count(wanted: number): Promise<void> {
    while (this.given.length < wanted) await new Promise<void>((resolve) => (this.#onGiven = resolve));
  }

  answer(isTaken: boolean): void {
    this.#answer?.(isTaken);
  }
}

let dispatcher: ConnectionDispatcher;
let port: number;
const clients: Socket[] = [];

beforeEach(async () => {
  dispatcher = new ConnectionDispatcher();
  ({ port } = await dispatcher.listen("127.0.0.1", 0));
});

afterEach(() => {
  dispatcher.close();
  for (const client of clients.splice(0)) client.destroy();
});

async function open(): Promise<Socket> {
  const client = connect(port, "127.0.0.1");
  client.on("error", () => undefined);
  clients.push(client);
  await once(client, "connect");
  return client;
}

test("connections wait until somebody can take them", async () => {
  await open();
  await open();
  const taker = new Taker();
  dispatcher.add(taker);
  await taker.count(1);
  taker.answer(true);
  await taker.count(2);
});

test("takers get them in turn; one that is stuck holds up nothing", async () => {
  const [stuck, quick] = [new Taker(), new Taker()];
  dispatcher.add(stuck);
  dispatcher.add(quick);
  for (let index = 0; index < 4; index++) await open();
  await stuck.count(1);
  for (let count = 1; count <= 3; count++) {
    await quick.count(count);
    quick.answer(true);
  }
  expect(stuck.given).toHaveLength(1);
});

test("one that a dying process has not taken goes to the next", async () => {
  const [dying, other] = [new Taker(), new Taker()];
  dispatcher.add(dying);
  const client = await open();
  await dying.count(1);
  dying.answer(false);
  dispatcher.add(other);
  await other.count(1);
  expect(other.given[0]?.remotePort).toBe(client.localPort);
});

test("a removed taker gets none, not even one that waits", async () => {
  const [before, after] = [new Taker(), new Taker()];
  dispatcher.add(before);
  await open();
  await before.count(1);
  await open();
  dispatcher.remove(before);
  before.answer(true);
  dispatcher.add(after);
  await after.count(1);
  expect(before.given).toHaveLength(1);
});

test("closing closes what nobody took", async () => {
  const client = await open();
  const closed = once(client, "close");
  dispatcher.close();
  client.resume();
  await closed;
  const late = connect(port, "127.0.0.1");
  await expect(once(late, "connect")).rejects.toThrow("ECONNREFUSED");
});

test("whoever connects while the port closes is handed over; then nobody can connect", async () => {
  const taker = new Taker();
  dispatcher.add(taker);
  await open();
  await taker.count(1);
  const stopped = dispatcher.stopListening();
  await open();
  taker.answer(true);
  await taker.count(2);
  let isStopped = false;
  void stopped.then(() => (isStopped = true));
  await expect(once(connect(port, "127.0.0.1"), "connect")).rejects.toThrow("ECONNREFUSED");
  expect(isStopped).toBe(false);
  taker.answer(true);
  await stopped;
});

test("what nobody is there to take does not keep the port from closing", async () => {
  await open();
  await dispatcher.stopListening();
});
