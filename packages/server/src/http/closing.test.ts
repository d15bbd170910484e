import { Agent } from "node:http";
import { expect, test } from "vitest";
import { send } from "../testing/http-client.js";
import { doubling, goodBody, serve } from "../testing/served-fixtures.js";

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
