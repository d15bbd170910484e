import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

/** Clients that mean harm, many of them, against a server in another process. */

const MEBIBYTE = 1024 * 1024;
const HEADERS_TIMEOUT_MS = 3_000;
/** Those that open at once: more wait in the queue of the system's listener than it has places. */
const GROUP = 200;
const body = JSON.stringify({ inputs: [{ name: "x", shape: [2], datatype: "FP32", data: [1, 2] }] });

let child: ChildProcess;
let address: URL;
let sockets: Socket[];

async function told<Answer>(): Promise<Answer> {
  const [answer] = (await once(child, "message")) as [Answer];
  return answer;
}

beforeEach(async () => {
  sockets = [];
  const script = fileURLToPath(new URL("../fixtures/model-server.mjs", import.meta.url));
  child = fork(script, [JSON.stringify({ headersTimeoutMs: HEADERS_TIMEOUT_MS, maxConnections: 15_000, maxBufferedBytes: 64 * MEBIBYTE })], { execArgv: ["--expose-gc"] });
  address = new URL((await told<{ readonly url: string }>()).url);
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  if (child.exitCode === null) {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  }
});

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.hostname, port: Number(address.port) });
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}

async function openMany(count: number): Promise<void> {
  while (sockets.length < count) sockets.push(...(await Promise.all(Array.from({ length: GROUP }, open))));
  for (const socket of sockets) socket.on("error", () => undefined);
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

async function memory(): Promise<number> {
  const answer = told<{ readonly rss: number }>();
  child.send("memory");
  return (await answer).rss;
}

/** What everybody else gets meanwhile. */
async function othersAreServed(): Promise<void> {
  for (let call = 0; call < 50; call++) {
    const answer = await fetch(new URL("/v2/models/double/infer", address), { method: "POST", body });
    expect([answer.status, ((await answer.json()) as { readonly outputs: readonly { readonly data: readonly number[] }[] }).outputs[0]?.data]).toEqual([200, [2, 4]]);
  }
  expect((await fetch(new URL("/readyz", address))).status).toBe(200);
}

test("10,000 idle connections cost little, and a closing server does not wait for them", async () => {
  await othersAreServed();
  const before = await memory();
  await openMany(10_000);
  await othersAreServed();
  expect((await memory()) - before).toBeLessThan(200 * MEBIBYTE);
  const ends = sockets.map(closed);
  for (const socket of sockets) socket.resume();
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await Promise.all(ends);
  expect(await ended).toEqual([0, null]);
});

test("2,000 that send their headers byte by byte are all cut off in time, and their memory comes back", async () => {
  await othersAreServed();
  const before = await memory();
  await openMany(2_000);
  const ends = sockets.map(closed);
  for (const socket of sockets) {
    socket.resume();
    socket.write("POST /v2 HTTP/1.1\r\nHost: x\r\n");
  }
  const drip = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write("X-A: 1\r\n");
  }, 500);
  await othersAreServed();
  await Promise.all(ends);
  clearInterval(drip);
  await othersAreServed();
  expect((await memory()) - before).toBeLessThan(100 * MEBIBYTE);
});

test("500 bodies without end hold no more than the memory for bodies", async () => {
  await othersAreServed();
  const before = await memory();
  await openMany(500);
  const chunk = `${(MEBIBYTE / 4).toString(16)}\r\n${" ".repeat(MEBIBYTE / 4)}\r\n`;
  for (const socket of sockets) {
    socket.resume();
    socket.write("POST /v2/models/double/infer HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (let times = 0; times < 2; times++) socket.write(chunk);
  }
  // What they hold is missing for others, who are told to come back.
  const large = body.padEnd(60 * MEBIBYTE);
  await expect.poll(async () => (await fetch(new URL("/v2/models/double/infer", address), { method: "POST", body: large })).status, { timeout: 20_000 }).toBe(503);
  expect((await fetch(new URL("/readyz", address))).status).toBe(200);
  expect((await memory()) - before).toBeLessThan(300 * MEBIBYTE);
  for (const socket of sockets) socket.destroy();
  await expect.poll(async () => (await fetch(new URL("/v2/models/double/infer", address), { method: "POST", body: large })).status, { timeout: 20_000 }).toBe(200);
});
