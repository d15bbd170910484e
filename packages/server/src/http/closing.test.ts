import { Agent } from "node:http";
import { expect, test } from "vitest";
import { openSocket, readToEnd, send } from "../testing/http-client.js";
import { doubling, goodBody, serve, waiting } from "../testing/served-fixtures.js";

const path = "/v2/models/double/infer";

test("a request on an idle connection that comes just when the server closes is refused with an answer, not by a broken connection", async () => {
  const { port, server } = await serve([doubling()]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  expect((await send(port, { path, body: goodBody, agent })).status).toBe(200);
  const closed = server.close({ graceMs: 60_000 });
  const late = await send(port, { path, body: goodBody, agent });
  expect([late.status, late.headers.connection, late.headers["retry-after"]]).toEqual([503, "close", "1"]);
  // Its last connection is gone: nothing more is waited for.
  await closed;
  agent.destroy();
});

test("a connection that stays idle is closed", async () => {
  const { port, server } = await serve([doubling()]);
  const agent = new Agent({ keepAlive: true });
  await send(port, { path, body: goodBody, agent });
  await server.close({ graceMs: 60_000 });
  await expect(send(port, { path, body: goodBody, agent })).rejects.toThrow("ECONNREFUSED");
  agent.destroy();
});

test("a server that leaves is not ready, answers all the same, and leaves no connection open", async () => {
  const { port, server } = await serve([doubling()]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  expect((await send(port, { path, body: goodBody, agent })).headers.connection).toBe("keep-alive");
  server.leave();
  expect((await send(port, { path: "/readyz" })).status).toBe(503);
  for (const how of [{ agent }, {}]) {
    const { status, headers } = await send(port, { path, body: goodBody, ...how });
    expect([status, headers.connection]).toEqual([200, "close"]);
  }
  await server.close({ graceMs: 60_000, drainMs: 1 });
  await expect(send(port, { path, body: goodBody })).rejects.toThrow("ECONNREFUSED");
  agent.destroy();
});

test("an answer that was begun before closes its connection too", async () => {
  const { model, called, answer } = waiting();
  const { port, server } = await serve([model]);
  const agent = new Agent({ keepAlive: true });
  const begun = send(port, { path: "/v2/models/wait/infer", body: goodBody, agent });
  await called;
  const closed = server.close({ graceMs: 60_000, drainMs: 0 });
  answer();
  const { status, headers } = await begun;
  expect([status, headers.connection]).toEqual([200, "close"]);
  await closed;
  agent.destroy();
});

test("who connects while the port closes, and asks only then, is answered", async () => {
  const { port, server } = await serve([doubling()]);
  const [silent, asking] = await Promise.all([openSocket(port), openSocket(port)]);
  const closed = server.close({ graceMs: 60_000, drainMs: 0 });
  const late = await openSocket(port);
  for (;;) {
    const refused = await openSocket(port).then((socket) => void socket.destroy(), (error: unknown) => (error as NodeJS.ErrnoException).code);
    if (refused === "ECONNREFUSED") break;
  }
  const request = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${String(JSON.stringify(goodBody).length)}\r\n\r\n${JSON.stringify(goodBody)}`;
  for (const socket of [asking, late]) {
    const answered = readToEnd(socket);
    socket.write(request);
    expect(await answered).toMatch(/^HTTP\/1.1 200 [^]*\r\nConnection: close\r\n/i);
  }
  // In good order, without a word.
  expect(await readToEnd(silent)).toBe("");
  await closed;
});
