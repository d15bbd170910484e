import { Agent } from "node:http";
import { expect, test } from "vitest";
import { openSocket, readUntil, send, type TestRequest } from "../testing/http-client.js";
import { doubling, goodBody, serve, waiting } from "../testing/served-fixtures.js";

interface RouteCase extends TestRequest {
  /** The endpoint label of its metrics; undefined for the one route that is not counted. */
  readonly endpoint: string | undefined;
  readonly status: number;
  readonly isAlwaysAnswered?: boolean;
}

/** Every kind of route, those of Fastify and the fast one, found and not found. */
const routes: readonly RouteCase[] = [
  { path: "/v2/models/double/infer", body: goodBody, endpoint: "/v2/models/{model}/infer", status: 200 },
  { path: "/v2/models/double/versions/v1/infer", body: goodBody, endpoint: "/v2/models/{model}/infer", status: 200 },
  { path: "/v2/models/double/infer", body: {}, endpoint: "/v2/models/{model}/infer", status: 400 },
  { path: "/v2/models/nope/infer", body: goodBody, endpoint: "/v2/models/{model}/infer", status: 404 },
  { path: "/v2/models/double/infer", method: "GET", endpoint: "/v2/models/{model}/infer", status: 405 },
  { path: "/v2/models/double/versions/v1/infer", method: "PUT", endpoint: "/v2/models/{model}/versions/{version}/infer", status: 405 },
  { path: "/v2", endpoint: "/v2", status: 200 },
  { path: "/v2/", endpoint: "/v2/", status: 200 },
  { path: "/v2/models/double", endpoint: "/v2/models/{model}", status: 200 },
  { path: "/v2/models/double/versions/v1", endpoint: "/v2/models/{model}/versions/{version}", status: 200 },
  { path: "/v2/models/double/ready", endpoint: "/v2/models/{model}/ready", status: 200 },
  { path: "/v2/models/nope", endpoint: "/v2/models/{model}", status: 404 },
  { path: "/v2/models/%zz", endpoint: "(no route)", status: 400 },
  { path: "/nowhere", endpoint: "(no route)", status: 404 },
  { path: "/nowhere", body: "{bad", endpoint: "(no route)", status: 404 },
  { path: "/v2", method: "POST", endpoint: "/v2", status: 405 },
  { path: "/v2/health/live", endpoint: "/v2/health/live", status: 200, isAlwaysAnswered: true },
  { path: "/v2/health/ready", endpoint: "/v2/health/ready", status: 200, isAlwaysAnswered: true },
  { path: "/livez", endpoint: "/livez", status: 200, isAlwaysAnswered: true },
  { path: "/readyz", endpoint: "/readyz", status: 200, isAlwaysAnswered: true },
  { path: "/healthz", endpoint: "/healthz", status: 200, isAlwaysAnswered: true },
  { path: "/metrics", endpoint: undefined, status: 200, isAlwaysAnswered: true },
];

const named = routes.map((route) => [`${route.method ?? (route.body ? "POST" : "GET")} ${route.path} (${route.status})`, route] as const);

test.each(named)("the request's id comes back: %s", async (_name, route) => {
  await using server = await serve([doubling()]);
  const response = await send(server.port, { ...route, headers: { "X-Request-Id": "abc-1" } });
  expect(response.status).toBe(route.status);
  expect(response.headers["x-request-id"]).toBe("abc-1");
  const odd = await send(server.port, { ...route, headers: { "X-Request-Id": "a".repeat(200) } });
  expect(odd.headers["x-request-id"]).toBeUndefined();
});

test.each(named)("it is counted under its pattern: %s", async (_name, route) => {
  await using server = await serve([doubling()]);
  await send(server.port, route);
  const { text } = await send(server.port, { path: "/metrics" });
  const totals = [...text.matchAll(/bentoml_api_server_request_total\{endpoint="([^"]*)".*http_response_code="(\d+)"\} (\d+)/g)];
  expect(totals.map(([, endpoint, status, count]) => [endpoint, status, count])).toEqual(
    route.endpoint === undefined ? [] : [[route.endpoint, String(route.status), "1"]],
  );
  expect(text).not.toMatch(/request_in_progress\{.*\} -?[1-9]/);
});

test.each(named)("a body over the limit is 413: %s", async (_name, route) => {
  await using server = await serve([doubling()], { maxBodyBytes: 1000 });
  const method = route.method === "GET" ? "POST" : (route.method ?? "POST");
  const response = await send(server.port, { ...route, method, body: "x".repeat(1001) });
  expect(response.status).toBe(413);
  expect(response.json()["error"]).toMatch(/1000 bytes/);
});

test.each(named)("the concurrency limit holds, probes and metrics apart: %s", async (_name, route) => {
  const { model, called, answer } = waiting();
  await using server = await serve([model, doubling()], { maxConcurrency: 1 });
  const first = send(server.port, { path: "/v2/models/wait/infer", body: goodBody });
  await called;
  const response = await send(server.port, route);
  if (route.isAlwaysAnswered) {
    expect(response.status).toBe(route.status);
  } else {
    expect(response.status).toBe(429);
    expect(response.headers["retry-after"]).toBe("1");
    expect(Object.keys(response.json())).toEqual(["error"]);
  }
  answer();
  expect((await first).status).toBe(200);
  expect((await send(server.port, route)).status).toBe(route.status);
});

test.each(named)("while the server closes, an open connection gets 503 and is closed: %s", async (_name, route) => {
  const { model, called, answer } = waiting();
  await using server = await serve([model, doubling()]);
  const first = send(server.port, { path: "/v2/models/wait/infer", body: goodBody });
  await called;
  const socket = await openSocket(server.port);
  const body = route.body === undefined ? "" : JSON.stringify(route.body);
  const method = route.method ?? (route.body ? "POST" : "GET");
  socket.write("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
  await readUntil(socket, (received) => received.endsWith('{"live":true}'));
  // Half a request keeps the connection from being idle when the server closes.
  socket.write(`${method} ${route.path} HTTP/1.1\r\nHost: x\r\n`);
  await send(server.port, { path: "/livez" });
  const closed = server.server.close();
  socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
  const text = await readUntil(socket, (received) => received.includes("\r\n\r\n"));
  const isNotReady = route.path.endsWith("/ready") || route.path === "/readyz";
  expect(text).toMatch(new RegExp(`^HTTP/1.1 ${route.isAlwaysAnswered && !isNotReady ? 200 : 503} `));
  expect(text).toMatch(/\r\nConnection: close\r\n/i);
  answer();
  expect((await first).status).toBe(200);
  socket.destroy();
  await closed;
});

test("a body that a route does not read does not hold its connection", async () => {
  await using server = await serve([doubling()]);
  for (const headers of [{}, { "Transfer-Encoding": "chunked" }]) {
    const agent = new Agent({ keepAlive: true });
    const response = await send(server.port, { path: "/v2", method: "POST", headers, body: "{}", agent });
    expect(response.status).toBe(405);
    expect(response.headers["connection"]).toBe("close");
    expect((await send(server.port, { path: "/v2", agent })).headers["connection"]).toBe("keep-alive");
    agent.destroy();
  }
});
