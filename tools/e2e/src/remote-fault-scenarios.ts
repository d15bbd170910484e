import { getEventListeners } from "node:events";
import type { Socket } from "node:net";
import { join } from "node:path";
import { NdArray, isBentoMLError } from "bentoml-core";
import { expect } from "vitest";
import { DEADLINE_MS, DeparturesServer } from "./departures-server.js";
import { ARITHMETIC_METHODS, fixtureRunner, method } from "./fixtures.js";
import { expectNothingLeft, openResources } from "./open-resources.js";
import { RemoteProcess } from "./remote-process.js";

const row = (value: number): NdArray => new NdArray("float32", [1, 1], Float32Array.of(value));

/**
 * A server that is killed and started again `times` times while 16 callers go on: every call has its own answer or a typed error of the
 * connection, the runner works again each time, and nothing is left open.
 */
export async function serverRestarted(folder: string, times: number): Promise<void> {
  const socket = join(folder, "runner.sock");
  const before = openResources();
  let { remote, url } = await RemoteProcess.start(socket);
  const runner = await fixtureRunner("arithmetic", "Arithmetic", ARITHMETIC_METHODS, undefined, { graceMs: 0 }).initClient({ url, maxConnections: 8 });
  const { signal } = new AbortController();
  const double = method(runner, "double").with({ timeoutMs: DEADLINE_MS, signal });
  const wrong: unknown[] = [];
  let isOver = false;
  let answered = 0;
  const callers = Array.from({ length: 16 }, async (_, caller) => {
    for (let value = caller; !isOver; value += 16) {
      try {
        if (((await double(row(value))) as NdArray).data[0] === value * 2) answered++;
        else wrong.push(value);
      } catch (error) {
        if (!isBentoMLError(error) || !error.code.startsWith("RUNNER_")) wrong.push(error);
      }
    }
  });
  const untilServed = async (): Promise<void> => {
    const served = answered;
    await expect.poll(() => answered, { timeout: DEADLINE_MS }).toBeGreaterThan(served + 100);
  };
  for (let round = 0; round < times; round++) {
    await untilServed();
    await remote.end("SIGKILL");
    // Its socket's file is still there.
    ({ remote, url } = await RemoteProcess.start(socket));
  }
  await untilServed();
  isOver = true;
  await Promise.all(callers);
  expect(wrong).toEqual([]);
  expect(getEventListeners(signal, "abort").length).toBeLessThanOrEqual(1);
  await runner.destroy();
  await remote.end("SIGTERM");
  await expectNothingLeft(before);
}

/**
 * A client that goes in the middle of its call, of the body of it, and of a stream, in good order and by a reset, `times` times each: what
 * it asked for ends, others are answered, and the server keeps nothing of it open.
 */
export async function clientsLeave(folder: string, isolation: "thread" | "process", times: number): Promise<void> {
  const before = openResources();
  {
    await using server = await DeparturesServer.start(folder, isolation);
    const { journal, remote } = server;
    let descriptors = 0;
    let ended = 0;
    for (let time = 0; time < times; time++) {
      const leave = (socket: Socket): unknown => (time % 2 === 0 ? socket.destroy() : socket.resetAndDestroy());
      const inCall = await server.call("untilAborted", [journal.file]);
      await journal.until("begun", time + 1);
      leave(inCall);
      const inStream = await server.call("blocks", [journal.file, 1e9, 1_000]);
      await new Promise<unknown>((resolve) => inStream.once("data", resolve));
      leave(inStream);
      leave(await server.call("echo", [time], false));
      await journal.until("ended", (ended += 2));
      expect(await server.echo(time)).toBe(time);
      // What is opened once, and the connections that are kept for the next call, are there after the first round.
      if (time === 0) descriptors = remote.descriptors;
    }
    expect(journal.count("begun")).toBe(times);
    await expect.poll(() => remote.descriptors, { timeout: 20_000 }).toBeLessThanOrEqual(descriptors);
  }
  await expectNothingLeft(before);
}

const BLOCKS = 200;
const BLOCK_BYTES = 1 << 18;
/** What fits between generator and reader: the windows of worker and client, and the buffers of the connection. */
const MOST_AHEAD = 120;

/**
 * A reader that reads one item and then lets the stream lie, `times` times: the generator stands still, other calls are answered meanwhile,
 * and the reader gets all the rest, or leaves.
 */
export async function slowReaders(folder: string, isolation: "thread" | "process", times: number): Promise<void> {
  const before = openResources();
  {
    await using server = await DeparturesServer.start(folder, isolation);
    const { journal, remote } = server;
    let descriptors = 0;
    for (let time = 0; time < times; time++) {
      const made = journal.count("made");
      const items = method(server.runner, "blocks").stream(journal.file, BLOCKS, BLOCK_BYTES);
      expect(await numberOf(items)).toBe(0);
      for (let value = 0; value < 20; value++) expect(await server.echo(value)).toBe(value);
      expect(journal.count("made") - made).toBeLessThan(MOST_AHEAD);
      if (time % 5 === 0) for (let number = 1; number < BLOCKS; number++) expect(await numberOf(items)).toBe(number);
      await items.return();
      await journal.until("ended", time + 1);
      if (time === 0) descriptors = remote.descriptors;
    }
    await expect.poll(() => remote.descriptors, { timeout: 20_000 }).toBeLessThanOrEqual(descriptors);
  }
  await expectNothingLeft(before);
}

async function numberOf(items: AsyncGenerator<unknown, void, undefined>): Promise<number | undefined> {
  const { value } = await items.next();
  return (value as NdArray<"uint8">).data[0];
}
