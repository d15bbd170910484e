import { Agent } from "node:http";
import { connect } from "node:net";
import { BentoMLError, InvalidArgumentError, StateError } from "bentoml-core";
import { expect, test } from "vitest";
import { ModelServer } from "./model-server.js";
import { openSocket, readToEnd, send } from "./testing/http-client.js";
import { doubling, goodBody, serve, waiting } from "./testing/served-fixtures.js";

const path = "/v2/models/double/infer";

test("listens on 127.0.0.1 unless told otherwise", async () => {
  const server = new ModelServer({ models: [doubling()] });
  const address = await server.listen({ port: 0 });
  expect(address).toEqual({ host: "127.0.0.1", port: expect.any(Number) as number, url: `http://127.0.0.1:${address.port}` });
  await server.close();
});

test("a port that is taken is an error that names it and the cure", async () => {
  await using first = await serve([doubling()]);
  const second = new ModelServer({ models: [doubling()] });
  const refusal = await second.listen({ port: first.port }).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(BentoMLError);
  expect(refusal).toMatchObject({ code: "PORT_IN_USE", message: expect.stringMatching(new RegExp(`port ${first.port} .*port 0`)) as string });
  await second.close();
});

test("a host that is not this machine's is refused", async () => {
  const server = new ModelServer({ models: [doubling()] });
  await expect(server.listen({ host: "192.0.2.1", port: 0 })).rejects.toMatchObject({ code: "LISTEN_FAILED" });
  await server.close();
});

test("a server listens once", async () => {
  await using server = await serve([doubling()]);
  await expect(server.server.listen({ port: 0 })).rejects.toBeInstanceOf(StateError);
  const closed = new ModelServer({ models: [doubling()] });
  await closed.close();
  await expect(closed.listen({ port: 0 })).rejects.toBeInstanceOf(StateError);
});

test.each<[string, () => ModelServer, RegExp]>([
  ["no models", () => new ModelServer({ models: [] }), /at least one model/],
  ["a version twice", () => new ModelServer({ models: [doubling(), doubling()] }), /double:v1 is given twice/],
  ["a method that the runner lacks", () => new ModelServer({ models: [{ ...doubling(), method: "predict" }] }), /no method "predict".*run/],
  ["a limit that is none", () => new ModelServer({ models: [doubling()], maxBodyBytes: 0 }), /maxBodyBytes must be/],
])("%s is refused when the server is made", (_what, make, message) => {
  expect(make).toThrow(InvalidArgumentError);
  expect(make).toThrow(message);
});

test("close: accepted requests finish, idle connections are closed, nothing new comes in", async () => {
  const { model, called, answer } = waiting();
  const server = await serve([model, doubling()]);
  const agent = new Agent({ keepAlive: true });
  await send(server.port, { path, body: goodBody, agent });
  const idle = await openSocket(server.port);
  const idleClosed = readToEnd(idle);
  const running = send(server.port, { path: "/v2/models/wait/infer", body: goodBody });
  await called;
  let isClosed = false;
  const closing = server.server.close().then(() => (isClosed = true));
  await idleClosed;
  expect(isClosed).toBe(false);
  const refused = connect({ host: "127.0.0.1", port: server.port });
  expect(await new Promise((resolve) => refused.once("error", (error: NodeJS.ErrnoException) => resolve(error.code)))).toBe("ECONNREFUSED");
  answer();
  const response = await running;
  expect(response.status).toBe(200);
  expect(response.headers["connection"]).toBe("close");
  await closing;
  agent.destroy();
});

test("close: an open connection whose probe was being answered is closed behind it", async () => {
  const model = doubling();
  let tellAsked = (): void => undefined;
  let answer = (_isReady: boolean): void => undefined;
  const asked = new Promise<void>((resolve) => (tellAsked = resolve));
  model.runner.runnerHandleIsReady = () => {
    tellAsked();
    return new Promise((resolve) => (answer = resolve));
  };
  const server = await serve([model]);
  const agent = new Agent({ keepAlive: true });
  const probe = send(server.port, { path: "/readyz", agent });
  await asked;
  const closing = server.server.close();
  answer(true);
  expect((await probe).status).toBe(200);
  await closing;
  agent.destroy();
});

test("close: a request that outlives the grace is cut off and its call aborted", async () => {
  const { model, called, aborted } = waiting();
  const server = await serve([model]);
  const running = send(server.port, { path: "/v2/models/wait/infer", body: goodBody }).catch((error: unknown) => (error as NodeJS.ErrnoException).code);
  await called;
  await server.server.close({ graceMs: 1 });
  expect(await running).toBe("ECONNRESET");
  await aborted;
});

test("close twice is close once; close before listen is nothing", async () => {
  const server = await serve([doubling()]);
  expect(server.server.close()).toBe(server.server.close());
  await server.server.close();
  await new ModelServer({ models: [doubling()] }).close();
});

test("runners are left alone unless the server owns them", async () => {
  const [other, own] = [doubling(), doubling()];
  const first = await serve([other]);
  await first.server.close();
  expect([other.runner.started, other.runner.destroyed]).toEqual([0, 0]);
  const second = await serve([own, { ...own, version: "v2" }], { ownsRunners: true });
  await second.server.close();
  expect([own.runner.started, own.runner.destroyed]).toEqual([1, 1]);
});

test("while an owned runner starts, the server is live and not ready", async () => {
  const model = doubling();
  let finish = (): void => undefined;
  model.runner.isReady = false;
  const starting = new Promise<void>((resolve) => (finish = resolve));
  let tellPort = (_port: number): void => undefined;
  const started = new Promise<number>((resolve) => (tellPort = resolve));
  const free = await serve([doubling()]);
  await free.server.close();
  model.runner.init = () => {
    tellPort(free.port);
    return starting;
  };
  const server = new ModelServer({ models: [model], ownsRunners: true });
  const listening = server.listen({ port: free.port });
  const port = await started;
  expect((await send(port, { path: "/livez" })).status).toBe(200);
  expect((await send(port, { path: "/readyz" })).status).toBe(503);
  finish();
  await listening;
  await server.close();
});

test("a runner that fails to start fails listen, and frees the port", async () => {
  const model = doubling();
  model.runner.isReady = false;
  model.runner.init = () => Promise.reject(new StateError("no weights"));
  const server = new ModelServer({ models: [model], ownsRunners: true });
  await expect(server.listen({ port: 0 })).rejects.toThrow("no weights");
  expect(model.runner.destroyed).toBe(1);
});

test("a runner that already runs in another way needs no start", async () => {
  const model = doubling();
  model.runner.init = () => Promise.reject(new StateError("already initialised (local)"));
  const server = await serve([model], { ownsRunners: true });
  expect((await send(server.port, { path, body: goodBody })).status).toBe(200);
  await server.server.close();
});
