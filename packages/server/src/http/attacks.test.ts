import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { openSocket, readToEnd, readUntil, send } from "../testing/http-client.js";
import { doubling, goodBody, serve, type TestServer } from "../testing/served-fixtures.js";

const path = "/v2/models/double/infer";
const chunkedHead = `POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`;

/** What everybody else gets while somebody misbehaves. */
async function othersAreServed(server: TestServer): Promise<void> {
  expect((await send(server.port, { path, body: goodBody })).status).toBe(200);
  expect((await send(server.port, { path: "/livez" })).status).toBe(200);
}

async function closed(socket: Socket): Promise<string> {
  return readToEnd(socket);
}

describe("clients that mean harm", () => {
  test("slowloris: many that send their headers byte by byte are cut off, and nobody else waits", async () => {
    await using server = await serve([doubling()], { headersTimeoutMs: 300 });
    const sockets = await Promise.all(Array.from({ length: 50 }, () => openSocket(server.port)));
    const drips = sockets.map((socket) => {
      socket.write("POST / HTTP/1.1\r\nHost: x\r\n");
      const drip = setInterval(() => socket.write("X-A: 1\r\n"), 20);
      return closed(socket).finally(() => clearInterval(drip));
    });
    await othersAreServed(server);
    for (const answer of await Promise.all(drips)) expect(answer).toMatch(/^HTTP\/1.1 408 /);
  }, 20_000);

  test("a body that drips is cut off after the time for a request", async () => {
    await using server = await serve([doubling()], { headersTimeoutMs: 300, requestTimeoutMs: 400 });
    const socket = await openSocket(server.port);
    socket.write(chunkedHead);
    const drip = setInterval(() => socket.write("1\r\n \r\n"), 20);
    const answer = closed(socket).finally(() => clearInterval(drip));
    await othersAreServed(server);
    expect(await answer).toMatch(/^HTTP\/1.1 408 /);
  }, 20_000);

  test("a chunked body without end is refused at the limit, and its memory comes back", async () => {
    await using server = await serve([doubling()], { maxBodyBytes: 100_000, maxBufferedBytes: 100_000 });
    const chunk = `2710\r\n${" ".repeat(10_000)}\r\n`;
    for (let round = 0; round < 3; round++) {
      const socket = await openSocket(server.port);
      const refused = readUntil(socket, (text) => text.includes('"}'));
      socket.write(chunkedHead);
      const flood = setInterval(() => socket.write(chunk), 1);
      expect(await refused).toMatch(/^HTTP\/1.1 413 /);
      clearInterval(flood);
      socket.destroy();
      await othersAreServed(server);
    }
  });

  test("half-open: bodies that never come hold no more than the limit, and let go when they end", async () => {
    await using server = await serve([doubling()], { maxBufferedBytes: 10_000 });
    const sockets = await Promise.all(Array.from({ length: 40 }, () => openSocket(server.port)));
    const refused = sockets.map((socket) => new Promise<boolean>((resolve) => socket.once("data", () => resolve(true)).once("close", () => resolve(false))));
    for (const socket of sockets) socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n${" ".repeat(1000)}`);
    await expect.poll(async () => (await send(server.port, { path, body: goodBody })).status).toBe(503);
    expect((await send(server.port, { path: "/livez" })).status).toBe(200);
    for (const socket of sockets) socket.destroy();
    expect((await Promise.all(refused)).filter(Boolean)).toHaveLength(30);
    await expect.poll(async () => (await send(server.port, { path, body: goodBody })).status).toBe(200);
  });

  test("a header flood is refused before it is all read", async () => {
    await using server = await serve([doubling()]);
    const socket = await openSocket(server.port);
    const answer = closed(socket);
    socket.write("GET /v2 HTTP/1.1\r\n");
    const flood = setInterval(() => socket.write(`X-A: ${"a".repeat(1000)}\r\n`), 1);
    expect(await answer).toMatch(/^HTTP\/1.1 431 /);
    clearInterval(flood);
    await othersAreServed(server);
  });

  test("gzip bombs, many at once, take no more memory than the limits say", async () => {
    await using server = await serve([doubling()], { maxBodyBytes: 1_000_000, maxBufferedBytes: 4_000_000 });
    const bomb = gzipSync(Buffer.alloc(60_000_000, " "));
    const before = process.memoryUsage().arrayBuffers;
    const answers = Array.from({ length: 8 }, () => send(server.port, { path, body: bomb, headers: { "Content-Encoding": "gzip" } }));
    for (const { status } of await Promise.all(answers)) expect([413, 503]).toContain(status);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
    await othersAreServed(server);
  }, 20_000);

  test("2,000 idle connections cost little, and a closing server does not wait for them", async () => {
    const server = await serve([doubling()]);
    const sockets: Socket[] = [];
    // In groups: a burst beyond the queue of the system's listener is the system's affair.
    while (sockets.length < 2_000) sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => openSocket(server.port)))));
    const ends = sockets.map(closed);
    await othersAreServed(server);
    await server.server.close({ graceMs: 60_000 });
    await Promise.all(ends);
  }, 30_000);

  test("connections beyond the limit are closed at once, those within it are served", async () => {
    await using server = await serve([doubling()], { maxConnections: 2 });
    const kept = [await openSocket(server.port), await openSocket(server.port)];
    const rejected = await openSocket(server.port);
    expect(await closed(rejected)).toBe("");
    kept[0]?.write("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await readUntil(kept[0] as Socket, (text) => text.endsWith('{"live":true}'))).toMatch(/^HTTP\/1.1 200 /);
    for (const socket of kept) socket.destroy();
    await expect.poll(async () => (await send(server.port, { path: "/livez" }).catch(() => undefined))?.status).toBe(200);
  });
});
