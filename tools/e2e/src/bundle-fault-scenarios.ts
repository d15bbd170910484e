import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import { join } from "node:path";
import { BundledReplies, NdArray, isBentoMLError, type AnyRunner } from "bentoml-core";
import { expect } from "vitest";
import { DEADLINE_MS, DeparturesServer } from "./departures-server.js";
import { fixtureRunner, method } from "./fixtures.js";
import { Journal } from "./journal.js";
import { expectNothingLeft, openResources } from "./open-resources.js";
import { RemoteProcess } from "./remote-process.js";

/** What came of a call: what it answered, or the code of its error. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    const answer = await call;
    return NdArray.isNdArray(answer) ? answer.data[0] : answer;
  } catch (error) {
    return isBentoMLError(error) ? error.code : `untyped: ${String(error)}`;
  }
}

/** A client learns with its first answer that calls of one turn may travel together. */
async function untilTheyTravelTogether(runner: AnyRunner): Promise<void> {
  expect(await runner.runnerHandleIsReady(DEADLINE_MS)).toBe(true);
}

/**
 * A client that goes while calls that it sent together run and wait, and in the middle of their body, `times` times each: those that run
 * end, those that wait never begin, others are answered, and the server keeps nothing of it open.
 */
export async function clientsLeaveBundles(folder: string, isolation: "thread" | "process", times: number): Promise<void> {
  const before = openResources();
  {
    await using server = await DeparturesServer.start(folder, isolation);
    const { journal, remote } = server;
    let descriptors = 0;
    for (let time = 0; time < times; time++) {
      const leave = (socket: Socket): unknown => (time % 2 === 0 ? socket.destroy() : socket.resetAndDestroy());
      const begun = journal.count("begun");
      const together = await server.bundle("untilAborted", new Array<readonly unknown[]>(6).fill([journal.file]));
      await journal.until("begun", begun + 2);
      leave(together);
      leave(await server.bundle("untilAborted", [[journal.file], [journal.file]], false));
      await expect.poll(() => journal.count("ended"), { timeout: DEADLINE_MS }).toBe(journal.count("begun"));
      expect(await server.echo(time)).toBe(time);
      if (time === 0) descriptors = remote.descriptors;
    }
    expect(journal.count("ended")).toBe(journal.count("begun"));
    await expect.poll(() => remote.descriptors, { timeout: 20_000 }).toBeLessThanOrEqual(descriptors);
  }
  await expectNothingLeft(before);
}

/** A server that is killed while calls that were sent together run and wait, `times` times: each ends with a typed error of the connection, and the runner works again with the next server. */
export async function serverKilledInBundle(folder: string, times: number): Promise<void> {
  const socket = join(folder, "runner.sock");
  const journal = new Journal(join(folder, "journal"));
  const fixture = { file: "departures", className: "Departures", isolation: "thread", workers: 2 } as const;
  const before = openResources();
  let { remote, url } = await RemoteProcess.start(socket, fixture);
  const runner = await fixtureRunner("departures", "Departures", { echoOrWait: {} }, undefined, { graceMs: 0 }).initClient({ url });
  for (let time = 0; time < times; time++) {
    await untilTheyTravelTogether(runner);
    const call = method(runner, "echoOrWait").with({ timeoutMs: DEADLINE_MS });
    const calls = ["one", "wait", "wait", "late"].map((value) => outcome(call(value, journal.file)));
    await journal.until("begun", 2 * (time + 1));
    await remote.end("SIGKILL");
    const outcomes = (await Promise.all(calls)) as string[];
    // What was answered before the server died is an answer, unless it was still on its way.
    expect(outcomes[0], `round ${String(time)}`).toMatch(/^(one$|RUNNER_)/);
    for (const ended of outcomes.slice(1)) expect(ended, `round ${String(time)}`).toMatch(/^RUNNER_/);
    ({ remote, url } = await RemoteProcess.start(socket, fixture));
    expect(await outcome(call("again", journal.file))).toBe("again");
  }
  await runner.destroy();
  await remote.end("SIGTERM");
  await expectNothingLeft(before);
}

/** One of several calls that travel together is given up, `times` times: its work ends, the others have their answers, and the last one's end ends the request. */
export async function oneOfABundleAborted(folder: string, isolation: "thread" | "process", times: number): Promise<void> {
  const before = openResources();
  {
    await using server = await DeparturesServer.start(folder, isolation, 3);
    const { journal, runner } = server;
    for (let time = 0; time < times; time++) {
      // With the connection of the last ones it was forgotten.
      await untilTheyTravelTogether(runner);
      const controllers = [new AbortController(), new AbortController()];
      const reason = new Error("not wanted any more");
      const call = (value: string, signal?: AbortSignal): Promise<unknown> =>
        method(runner, "echoOrWait").with({ timeoutMs: DEADLINE_MS, ...(signal === undefined ? {} : { signal }) })(value, journal.file);
      const first = call("wait", controllers[0]?.signal).catch((error: unknown) => error);
      const answered = [call("a"), call("b")];
      const last = call("wait", controllers[1]?.signal).catch((error: unknown) => error);
      expect(await Promise.all(answered)).toEqual(["a", "b"]);
      await journal.until("begun", 2 * time + 2);
      controllers[0]?.abort(reason);
      expect(await first).toBe(reason);
      await journal.until("ended", 2 * time + 1);
      expect(journal.count("ended")).toBe(2 * time + 1);
      controllers[1]?.abort(reason);
      expect(await last).toBe(reason);
      await journal.until("ended", 2 * time + 2);
    }
  }
  await expectNothingLeft(before);
}

/** One of several calls that travel together kills whoever runs it, `times` times: it alone fails. */
export async function poisonInBundle(isolation: "thread" | "process", times: number): Promise<void> {
  const before = openResources();
  const { remote, url } = await RemoteProcess.start(0, { file: "crashing", className: "Crashing", isolation, workers: 2 });
  const runner = await fixtureRunner("crashing", "Crashing", { poisonExit: { batchable: true } }, {}, { graceMs: 0 }).initClient({ url });
  const call = method(runner, "poisonExit").with({ timeoutMs: DEADLINE_MS });
  await untilTheyTravelTogether(runner);
  for (let time = 0; time < times; time++) {
    const values = Array.from({ length: 12 }, (_, index) => (index === time % 12 ? 13 : 100 + index));
    const outcomes = await Promise.all(values.map((value) => outcome(call(new NdArray("float32", [1, 1], Float32Array.of(value))))));
    expect(outcomes, `round ${String(time)}`).toEqual(values.map((value) => (value === 13 ? "WORKER_CRASHED" : value)));
  }
  await runner.destroy();
  await remote.end("SIGTERM");
  await expectNothingLeft(before);
}

const CALLS = 8;
/** More than the buffers of a connection take. */
const ANSWER_BYTES = 1 << 22;

/** A reader that lets the answers to calls of one request lie, `times` times: others are answered meanwhile, and it gets all of them, or leaves. */
export async function slowReadersOfBundles(folder: string, isolation: "thread" | "process", times: number): Promise<void> {
  const before = openResources();
  {
    await using server = await DeparturesServer.start(folder, isolation);
    const { remote } = server;
    let descriptors = 0;
    for (let time = 0; time < times; time++) {
      const socket = await server.bundle("block", new Array<readonly unknown[]>(CALLS).fill([ANSWER_BYTES]));
      for (let value = 0; value < 20; value++) expect(await server.echo(value)).toBe(value);
      if (time % 2 === 0) expect(await placesOf(socket)).toEqual(Array.from({ length: CALLS }, (_, place) => place));
      socket.destroy();
      if (time === 0) descriptors = remote.descriptors;
    }
    await expect.poll(() => remote.descriptors, { timeout: 20_000 }).toBeLessThanOrEqual(descriptors);
  }
  await expectNothingLeft(before);
}

/** Reads the replies that come on a connection, in chunks, until all are there; which calls they belong to. */
async function placesOf(socket: Socket): Promise<readonly number[]> {
  const replies = new BundledReplies();
  const places: number[] = [];
  let text: Buffer = Buffer.alloc(0);
  let isChunked: boolean | undefined;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    text = Buffer.concat([text, chunk]);
    const headEnd = text.indexOf("\r\n\r\n");
    if (isChunked === undefined) {
      if (headEnd < 0) continue;
      isChunked = /transfer-encoding: chunked/i.test(text.subarray(0, headEnd).toString());
      text = text.subarray(headEnd + 4);
    }
    text = takeParts(text, isChunked, (part) => {
      for (const { call, reply } of replies.push(part)) {
        expect(reply.kind).toBe("value");
        places.push(call);
      }
    });
    if (places.length === CALLS) break;
  }
  return places.sort((one, other) => one - other);
}

/** Takes what is whole of a body, and gives back the rest. */
function takeParts(bytes: Buffer, isChunked: boolean, take: (part: Buffer) => void): Buffer {
  if (!isChunked) {
    take(Buffer.from(bytes));
    return Buffer.alloc(0);
  }
  for (let rest = bytes; ; ) {
    const lineEnd = rest.indexOf("\r\n");
    const length = lineEnd < 0 ? NaN : Number.parseInt(rest.subarray(0, lineEnd).toString(), 16);
    if (!(rest.length >= lineEnd + 2 + length + 2)) return rest;
    take(Buffer.from(rest.subarray(lineEnd + 2, lineEnd + 2 + length)));
    rest = rest.subarray(lineEnd + 2 + length + 2);
  }
}
