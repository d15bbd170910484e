import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent } from "node:http";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ModelServer } from "../model-server.js";
import { openSocket, readToEnd, send } from "../testing/http-client.js";
import { doubling, goodBody, waiting } from "../testing/served-fixtures.js";

const path = "/v2/models/double/infer";

let folder: string;
let acceptor: Server;
let port: number;
/** Who gets the connections that the acceptor takes, as a supervisor gives them to other processes. */
let target: ModelServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "handed-"));
  acceptor = createServer((socket: Socket) => target.takeConnection(socket));
  acceptor.listen(0, "127.0.0.1");
  await once(acceptor, "listening");
  port = (acceptor.address() as AddressInfo).port;
});

afterEach(() => {
  acceptor.close();
  rmSync(folder, { recursive: true, force: true });
});

async function behind(name: string, models: ConstructorParameters<typeof ModelServer>[0]["models"], limits: { maxConnections?: number } = {}): Promise<ModelServer> {
  const server = new ModelServer({ models, ...limits });
  await server.listen({ socket: join(folder, name) });
  return server;
}

test.skipIf(process.platform === "win32")("a server listens on a Unix socket, and takes connections that others have accepted", async () => {
  target = new ModelServer({ models: [doubling()] });
  const socket = join(folder, "a");
  expect(await target.listen({ socket })).toEqual({ url: `unix:${socket}`, host: socket, port: 0 });
  expect(await send(port, { path, body: goodBody })).toMatchObject({ status: 200 });
  await target.close();
});

test.skipIf(process.platform === "win32")("close waits for their requests, and cuts them off after the graceful time", async () => {
  const { model, called, answer } = waiting();
  target = await behind("a", [model]);
  const running = send(port, { path: "/v2/models/wait/infer", body: goodBody });
  await called;
  const idle = readToEnd(await openSocket(port));
  const closed = target.close({ graceMs: 60_000 });
  await idle;
  answer();
  expect(await running).toMatchObject({ status: 200 });
  await closed;

  const stubborn = waiting();
  target = await behind("b", [stubborn.model]);
  const cutOff = send(port, { path: "/v2/models/wait/infer", body: goodBody });
  await stubborn.called;
  await Promise.all([expect(cutOff).rejects.toThrow(), target.close({ graceMs: 1 })]);
});

test.skipIf(process.platform === "win32")("more connections than the limit are closed", async () => {
  target = await behind("a", [doubling()], { maxConnections: 1 });
  const agent = new Agent({ keepAlive: true });
  expect(await send(port, { path, body: goodBody, agent })).toMatchObject({ status: 200 });
  await expect(send(port, { path, body: goodBody })).rejects.toThrow();
  agent.destroy();
  await target.close();
});

test.skipIf(process.platform === "win32")("a retired server answers what comes on open connections, the next connection is the other server's", async () => {
  const before = await behind("a", [doubling()]);
  const after = await behind("b", [doubling()]);
  target = before;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const first = await send(port, { path, body: goodBody, agent });
  expect(first.headers.connection).toBe("keep-alive");
  target = after;
  const retired = before.retire({ graceMs: 60_000 });
  const second = await send(port, { path, body: goodBody, agent });
  expect([second.status, second.headers.connection]).toEqual([200, "close"]);
  // Its last connection is gone: it waits for nothing.
  await retired;
  expect(await send(port, { path, body: goodBody, agent })).toMatchObject({ status: 200, headers: { connection: "keep-alive" } });
  agent.destroy();
  await after.close();
});

test.skipIf(process.platform === "win32")("a retired server with an idle connection closes within the graceful time", async () => {
  target = await behind("a", [doubling()]);
  const agent = new Agent({ keepAlive: true });
  await send(port, { path, body: goodBody, agent });
  await target.retire({ graceMs: 1 });
  // What comes too late is told so.
  expect(await send(port, { path, body: goodBody })).toMatchObject({ status: 503 });
  agent.destroy();
});
