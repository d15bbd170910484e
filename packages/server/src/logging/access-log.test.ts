import { expect, test } from "vitest";
import { openSocket, send, type TestRequest } from "../testing/http-client.js";
import { doubling, goodBody, serve, waiting, type TestServer } from "../testing/served-fixtures.js";
import { SampleServer } from "../testing/sample-runner.js";
import { callOf, oneRow } from "../testing/runner-requests.js";
import type { AccessLogOptions } from "./access-log.js";

type Line = Readonly<Record<string, unknown>>;

/** A stream whose lines can be awaited. */
class Lines {
  #text = "";

  write(text: string): void {
    this.#text += text;
  }

  get all(): Line[] {
    return this.#text.split("\n").filter(Boolean).map((line) => JSON.parse(line) as Line);
  }

  async atLeast(count: number): Promise<Line[]> {
    await expect.poll(() => this.all.length).toBeGreaterThanOrEqual(count);
    return this.all;
  }
}

const infer: TestRequest = { path: "/v2/models/double/infer", body: goodBody };
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

async function serveLogged(rest: Omit<AccessLogOptions, "stream"> = {}, models = [doubling()]): Promise<TestServer & { lines: Lines }> {
  const lines = new Lines();
  return { ...(await serve(models, { accessLog: { ...rest, stream: lines }, page: false })), lines };
}

test("a line says who asked for what, what came of it, and how long it took", async () => {
  await using server = await serveLogged();
  const headers = { "X-Request-Id": "abc-1", "Content-Type": "application/json", traceparent: `00-${TRACE}-00f067aa0ba902b7-00` };
  const answer = await send(server.port, { ...infer, path: `${infer.path}?secret=1`, headers });
  const [line] = await server.lines.atLeast(1);
  expect(line).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    level: "info",
    logger: "bentoml.access",
    message: "request",
    client: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    request_id: "abc-1",
    trace_id: TRACE,
    method: "POST",
    path: "/v2/models/double/infer",
    request_content_type: "application/json",
    request_content_length: JSON.stringify(goodBody).length,
    response_content_type: "application/json",
    response_content_length: answer.bytes.length,
    status: 200,
    duration_ms: expect.any(Number),
  });
});

const others: readonly (TestRequest & { readonly status: number; readonly level?: string })[] = [
  { ...infer, body: {}, status: 400 },
  { path: "/v2/models/nope/infer", body: goodBody, status: 404 },
  { path: "/v2/models/double/infer", method: "GET", status: 405 },
  { path: "/v2", status: 200 },
  { path: "/v2/models/double", status: 200 },
  { path: "/v2/models/%zz", status: 400 },
  { path: '/no"where\\', status: 404 },
  { path: "/v2/repository/index", method: "POST", status: 200 },
  { path: "/livez", method: "POST", status: 405 },
];

test.each(others)("every route is logged: $method $path, $status", async ({ status, ...request }) => {
  await using server = await serveLogged();
  const answer = await send(server.port, request);
  const [line] = await server.lines.atLeast(1);
  expect(answer.status).toBe(status);
  expect(line).toMatchObject({ level: "info", status, path: request.path, request_id: answer.headers["x-request-id"], response_content_length: answer.bytes.length });
});

test("what is refused, and what browsers ask before a call, is logged as well", async () => {
  const lines = new Lines();
  await using server = await serve([doubling()], { accessLog: { stream: lines }, maxBodyBytes: 10, access: { tokens: ["secret"] }, crossOrigin: { allowOrigins: ["https://app.example.org"] } });
  await send(server.port, infer);
  await send(server.port, { ...infer, headers: { Authorization: "Bearer secret" } });
  await send(server.port, { path: infer.path, method: "OPTIONS", headers: { Origin: "https://app.example.org", "Access-Control-Request-Method": "POST" } });
  expect((await lines.atLeast(3)).map(({ method, status }) => [method, status])).toEqual([
    ["POST", 401],
    ["POST", 413],
    ["OPTIONS", 204],
  ]);
});

test("probes and scrapes are not logged while all is well", async () => {
  const model = doubling();
  await using server = await serveLogged({}, [model]);
  for (const path of ["/livez", "/readyz", "/metrics", "/v2/health/ready"]) await send(server.port, { path });
  model.runner.isReady = false;
  await send(server.port, { path: "/readyz" });
  await send(server.port, infer);
  const lines = await server.lines.atLeast(2);
  expect(lines.map(({ path, status }) => [path, status])).toEqual([
    ["/readyz", 503],
    ["/v2/models/double/infer", 200],
  ]);
});

test("a request without an id gets one of its own, which its call carries too", async () => {
  const model = doubling();
  await using server = await serveLogged({}, [model]);
  const [one, two] = [await send(server.port, infer), await send(server.port, infer)];
  const lines = await server.lines.atLeast(2);
  const ids = lines.map(({ request_id: id }) => id);
  expect(new Set(ids).size).toBe(2);
  expect([one, two].map(({ headers }) => headers["x-request-id"])).toEqual(ids);
  expect(model.runner.calls.map(({ options }) => options.requestId)).toEqual(ids);
});

test("without a log no id is made", async () => {
  await using server = await serve([doubling()]);
  expect((await send(server.port, infer)).headers["x-request-id"]).toBeUndefined();
});

test("lengths and types are left out when they are not wanted", async () => {
  await using server = await serveLogged({ requestContentLength: false, requestContentType: false, responseContentLength: false, responseContentType: false });
  await send(server.port, { ...infer, headers: { "Content-Type": "application/json" } });
  const [line] = await server.lines.atLeast(1);
  expect(Object.keys(line ?? {}).filter((key) => key.includes("content"))).toEqual([]);
});

test("a client that went before its answer is 499", async () => {
  const { model, called, aborted } = waiting();
  await using server = await serveLogged({}, [model]);
  const socket = await openSocket(server.port);
  const body = JSON.stringify(goodBody);
  socket.write(`POST /v2/models/wait/infer HTTP/1.1\r\nHost: x\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`);
  await called;
  socket.destroy();
  await aborted;
  expect(await server.lines.atLeast(1)).toMatchObject([{ status: 499, client: expect.stringMatching(/^127/), path: "/v2/models/wait/infer" }]);
});

test("requests that wait behind another one of their connection are told too when it closes", async () => {
  const { model, called, aborted } = waiting();
  await using server = await serveLogged({}, [model]);
  const socket = await openSocket(server.port);
  const body = JSON.stringify(goodBody);
  const request = `POST /v2/models/wait/infer HTTP/1.1\r\nHost: x\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`;
  socket.write(request.repeat(20));
  await called;
  await expect.poll(() => model.runner.calls.length).toBe(20);
  socket.destroy();
  await aborted;
  const lines = await server.lines.atLeast(20);
  expect(lines.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 499));
});

test("answers to requests of one connection that came at once are logged one by one", async () => {
  await using server = await serveLogged();
  const socket = await openSocket(server.port);
  socket.write("GET /v2 HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3));
  expect((await server.lines.atLeast(3)).map(({ status }) => status)).toEqual([200, 200, 200]);
  socket.destroy();
});

test("a fault of the server is an error, and its line has the id that the client was given", async () => {
  const model = doubling();
  const lines = new Lines();
  model.runner.methods.run!.with = () => () => Promise.reject(new RangeError("nobody's intention"));
  await using server = await serve([model], { accessLog: { stream: lines }, onUnexpectedError: () => undefined });
  const answer = await send(server.port, infer);
  expect(await lines.atLeast(1)).toMatchObject([{ level: "error", status: 500, request_id: answer.headers["x-request-id"] }]);
});

test("calls of a runner server are logged in the same way", async () => {
  const lines = new Lines();
  await using server = await SampleServer.start({ accessLog: { stream: lines } });
  await send(server.port, callOf("/double", oneRow, { "X-Request-Id": "r-1" }));
  await send(server.port, { path: "/nowhere" });
  await send(server.port, { path: "/livez" });
  expect(await lines.atLeast(2)).toMatchObject([
    { method: "POST", path: "/double", status: 200, request_id: "r-1" },
    { method: "GET", path: "/nowhere", status: 404 },
  ]);
});
