import { Agent } from "node:http";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { openSocket, readUntil, send } from "../testing/http-client.js";
import { routes, serveEverything, type RouteCase } from "../testing/route-cases.js";
import { doubling, goodBody, serve, waiting } from "../testing/served-fixtures.js";

const named = routes.map((route) => [`${route.method ?? (route.body ? "POST" : "GET")} ${route.path} (${route.status})`, route] as const);

test.each(named)("the request's id comes back: %s", async (_name, route) => {
  await using server = await serveEverything([doubling()]);
  const response = await send(server.port, { ...route, headers: { "X-Request-Id": "abc-1" } });
  expect(response.status).toBe(route.status);
  expect(response.headers["x-request-id"]).toBe("abc-1");
  const odd = await send(server.port, { ...route, headers: { "X-Request-Id": "a".repeat(200) } });
  expect(odd.headers["x-request-id"]).toBeUndefined();
});

test.each(named)("it is counted under its pattern: %s", async (_name, route) => {
  await using server = await serveEverything([doubling()]);
  await send(server.port, route);
  const { text } = await send(server.port, { path: "/metrics" });
  const totals = [...text.matchAll(/bentoml_api_server_request_total\{endpoint="([^"]*)".*http_response_code="(\d+)"\} (\d+)/g)];
  expect(totals.map(([, endpoint, status, count]) => [endpoint, status, count])).toEqual(
    route.endpoint === undefined ? [] : [[route.endpoint, String(route.status), "1"]],
  );
  expect(text).not.toMatch(/request_in_progress\{.*\} -?[1-9]/);
});

test.each(named)("a secret is asked for, but by probes: %s", async (_name, route) => {
  const model = doubling();
  await using server = await serveEverything([model], { access: { tokens: ["s3cret"] } });
  const without = await send(server.port, { ...route, headers: { "X-Request-Id": "abc-1" } });
  expect(without.status).toBe(route.isOpen === true ? route.status : 401);
  const wrong = await send(server.port, { ...route, headers: { Authorization: "Bearer guess" } });
  expect([wrong.status, wrong.headers["www-authenticate"], Object.keys(wrong.json())]).toEqual([401, "Bearer", ["error"]]);
  expect(wrong.text).not.toContain("s3cret");
  expect(model.runner.calls).toEqual([]);
  expect((await send(server.port, { ...route, headers: { Authorization: "Bearer s3cret" } })).status).toBe(route.status);
});

/** Those that the Fetch standard lets every page read. */
const readableAnyway: readonly string[] = ["cache-control", "content-length", "content-type"];
/** Those that say nothing to a page. */
const ofTheConnection: readonly string[] = ["allow", "connection", "date", "keep-alive", "transfer-encoding", "vary", "x-accel-buffering"];

test.each(named)("a page of an allowed origin can read the answer with its headers, a refusal too: %s", async (_name, route) => {
  await using server = await serveEverything([doubling()], { access: { tokens: ["s3cret"] }, crossOrigin: { allowOrigins: ["https://app.example.org"] } });
  for (const secret of ["s3cret", "guess"]) {
    const answer = await send(server.port, { ...route, headers: { Origin: "https://app.example.org", Authorization: `Bearer ${secret}` } });
    expect(answer.headers["access-control-allow-origin"]).toBe("https://app.example.org");
    const exposed = (answer.headers["access-control-expose-headers"] as string).toLowerCase().split(", ");
    expect(Object.keys(answer.headers).filter((name) => !exposed.includes(name) && !name.startsWith("access-control-") && !readableAnyway.includes(name) && !ofTheConnection.includes(name))).toEqual([]);
  }
  const preflight = { method: "OPTIONS", path: route.path, headers: { Origin: "https://app.example.org", "Access-Control-Request-Method": "POST" } };
  expect((await send(server.port, preflight)).status).toBe(204);
});

test.each(named)("the access log has a line of it: %s", async (_name, route) => {
  const lines: string[] = [];
  const server = await serveEverything([doubling()], { accessLog: { stream: { write: (text: string) => lines.push(text) } } });
  await send(server.port, { ...route, headers: { "X-Request-Id": "abc-1" } });
  await server.server.close();
  const logged = lines.join("");
  if (route.isAlwaysAnswered) expect(logged).toBe("");
  else expect(JSON.parse(logged)).toMatchObject({ path: route.path, status: route.status });
  expect(logged.includes("abc-1")).toBe(route.isAlwaysAnswered !== true);
});

test.each(named)("too many headers are 431: %s", async (_name, route) => {
  await using server = await serveEverything([doubling()], { maxHeaders: 10 });
  const headers = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`X-${index}`, "1"]));
  const response = await send(server.port, { ...route, headers });
  expect([response.status, response.json()["error"]]).toEqual([431, expect.stringMatching(/more than 10 headers/)]);
});

test.each(named)("a body over the limit is 413: %s", async (_name, route) => {
  await using server = await serveEverything([doubling()], { maxBodyBytes: 1000 });
  const method = route.method === "GET" ? "POST" : (route.method ?? "POST");
  const response = await send(server.port, { ...route, method, body: "x".repeat(1001) });
  expect(response.status).toBe(413);
  expect(response.json()["error"]).toMatch(/1000 bytes/);
});

/** Sends the head of a request alone, for the route's body or another length, and gives what the server says before it gets any of the body. */
async function askedFirst(port: number, route: RouteCase, headers: readonly string[], length = bytesOf(route).length): Promise<{ readonly socket: Socket; readonly said: string }> {
  const socket = await openSocket(port);
  const head = [`${route.method ?? (route.body ? "POST" : "GET")} ${route.path} HTTP/1.1`, "Host: x", "Expect: 100-continue", `Content-Length: ${length}`, ...headers];
  socket.write(`${head.join("\r\n")}\r\n\r\n`);
  return { socket, said: await readUntil(socket, (text) => text.includes("\r\n\r\n")) };
}

const bytesOf = ({ body = "" }: RouteCase): string => (typeof body === "string" ? body : Buffer.isBuffer(body) ? body.toString("latin1") : JSON.stringify(body));

test.each(named)("a client that asks before it sends its body is told to go on only where the body will be read: %s", async (_name, route) => {
  await using server = await serveEverything([doubling()], { access: { tokens: ["s3cret"] }, maxBodyBytes: 1000 });
  const refused = await askedFirst(server.port, route, []);
  expect(refused.said).toMatch(new RegExp(`^HTTP/1.1 ${route.isOpen === true ? route.status : 401} [^]*\r\nConnection: close\r\n`, "i"));
  refused.socket.destroy();
  const large = await askedFirst(server.port, route, ["Authorization: Bearer s3cret"], 1001);
  expect(large.said).toMatch(/^HTTP\/1.1 413 /);
  large.socket.destroy();
  const { socket, said } = await askedFirst(server.port, route, ["Authorization: Bearer s3cret"]);
  if (route.readsBody === true && bytesOf(route) !== "") {
    expect(said).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    const answered = readUntil(socket, (text) => text.includes("\r\n\r\n"));
    socket.write(bytesOf(route), "latin1");
    expect(await answered).toMatch(new RegExp(`^HTTP/1.1 ${route.status} `));
  } else {
    expect(said.replace("HTTP/1.1 100 Continue\r\n\r\n", "")).toMatch(new RegExp(`^(HTTP/1.1 ${route.status} |$)`));
  }
  socket.destroy();
});

test.each(named)("the concurrency limit holds, probes and metrics apart: %s", async (_name, route) => {
  const { model, called, answer } = waiting();
  await using server = await serveEverything([model, doubling()], { maxConcurrency: 1 });
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
  await using server = await serveEverything([model, doubling()]);
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
