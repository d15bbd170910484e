import { expect, test } from "vitest";
import { openSocket, readToEnd, readUntil, send } from "../testing/http-client.js";
import { doubling, goodBody, serve } from "../testing/served-fixtures.js";

const path = "/v2/models/double/infer";
const json = JSON.stringify(goodBody);

function head(...headers: readonly string[]): string {
  return [`POST ${path} HTTP/1.1`, "Host: x", ...headers, "", ""].join("\r\n");
}

function bodyOf(answer: string): unknown {
  return JSON.parse(answer.slice(answer.lastIndexOf("\r\n\r\n") + 4));
}

test("a body shorter than its Content-Length: the connection ends, the server goes on", async () => {
  await using server = await serve([doubling()]);
  const socket = await openSocket(server.port);
  socket.end(head(`Content-Length: ${json.length + 50}`) + json);
  const answer = await readToEnd(socket);
  expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\nContent-Type: application\/json\r\n/);
  expect(bodyOf(answer)).toEqual({ error: expect.stringMatching(/Content-Length/) as string });
  expect((await send(server.port, { path, body: goodBody })).status).toBe(200);
});

test("a body longer than its Content-Length: what follows is no request", async () => {
  await using server = await serve([doubling()]);
  const socket = await openSocket(server.port);
  socket.write(head(`Content-Length: ${json.length - 20}`) + json);
  expect(await readToEnd(socket)).toMatch(/^HTTP\/1.1 400 Bad Request/);
  expect((await send(server.port, { path, body: goodBody })).status).toBe(200);
});

test("a client that goes in the middle of its body is not answered and costs nothing", async () => {
  const model = doubling();
  await using server = await serve([model], { maxBufferedBytes: 1_000, maxConcurrency: 1 });
  for (let round = 0; round < 20; round++) {
    const socket = await openSocket(server.port);
    socket.write(head("Content-Length: 900") + " ".repeat(400));
    const gone = readToEnd(socket);
    socket.destroy();
    await gone;
  }
  await expect.poll(async () => (await send(server.port, { path, body: goodBody })).status).toBe(200);
  expect(model.runner.calls).toHaveLength(1);
});

test.each<[string, string, number]>([
  ["what is no HTTP", "hello\r\n\r\n", 400],
  ["two different lengths", head("Content-Length: 5", "Content-Length: 6") + "abcdef", 400],
  ["a length and chunks", head("Content-Length: 5", "Transfer-Encoding: chunked") + "0\r\n\r\n", 400],
  ["a negative length", head("Content-Length: -5"), 400],
  ["a chunk size that is none", `${head("Transfer-Encoding: chunked")}zz\r\n`, 400],
  ["headers without end", head(`X-Long: ${"a".repeat(20_000)}`), 431],
  ["many headers", head(...Array.from({ length: 3000 }, (_, index) => `X-${index}: 1`)), 431],
])("%s is answered in our form and cut off", async (_what, bytes, status) => {
  await using server = await serve([doubling()]);
  const socket = await openSocket(server.port);
  socket.write(bytes);
  const answer = await readToEnd(socket);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(bodyOf(answer)).toEqual({ error: expect.any(String) as string });
  expect((await send(server.port, { path, body: goodBody })).status).toBe(200);
});

test("a body that is declared too large is refused before it is sent", async () => {
  await using server = await serve([doubling()], { maxBodyBytes: 1000 });
  const socket = await openSocket(server.port);
  socket.write(head("Content-Length: 99999999999"));
  expect(await readUntil(socket, (text) => text.includes('"}'))).toMatch(/^HTTP\/1.1 413 /);
  socket.destroy();
});

test("a client that asks first is told to go on, or refused", async () => {
  await using server = await serve([doubling()], { maxBodyBytes: 1000 });
  const socket = await openSocket(server.port);
  socket.write(head(`Content-Length: ${json.length}`, "Expect: 100-continue"));
  expect(await readUntil(socket, (text) => text.endsWith("\r\n\r\n"))).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  socket.write(json);
  expect(await readUntil(socket, (text) => text.endsWith("]}]}"))).toMatch(/^HTTP\/1.1 200 /);
  socket.write(head("Content-Length: 5000", "Expect: 100-continue"));
  expect(await readUntil(socket, (text) => text.includes('"}'))).toMatch(/^HTTP\/1.1 413 /);
  socket.destroy();
});

test("a body that is too large for its route alone is refused before it is sent as well", async () => {
  await using server = await serve([doubling()]);
  const socket = await openSocket(server.port);
  socket.write("POST /v2/repository/index HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\nExpect: 100-continue\r\n\r\n");
  expect(await readToEnd(socket)).toMatch(/^HTTP\/1.1 413 [^]*{"error":/);
});

test("an expectation that is not known is refused in our form", async () => {
  await using server = await serve([doubling()]);
  const socket = await openSocket(server.port);
  socket.write(head("Content-Length: 0", "Expect: miracles"));
  expect(await readUntil(socket, (text) => text.includes('"}'))).toMatch(/^HTTP\/1.1 417 [^]*{"error":/);
  socket.destroy();
});

test("headers that come too slowly are cut off", async () => {
  await using server = await serve([doubling()], { headersTimeoutMs: 1 });
  const socket = await openSocket(server.port);
  socket.write("POST / HTTP/1.1\r\nHost:");
  expect(await readToEnd(socket)).toMatch(/^HTTP\/1.1 408 Request Timeout[^]*{"error":/);
}, 15_000);

test("pipelined requests are answered in their order", async () => {
  await using server = await serve([doubling()]);
  const socket = await openSocket(server.port);
  const request = (id: string): string => {
    const body = JSON.stringify({ id, ...goodBody });
    return head(`Content-Length: ${body.length}`) + body;
  };
  socket.write(request("1") + request("2") + request("3"));
  const answers = await readUntil(socket, (text) => text.includes('"id":"3"') && text.endsWith("]}]}"));
  expect([...answers.matchAll(/"id":"(\d)"/g)].map(([, id]) => id)).toEqual(["1", "2", "3"]);
  socket.destroy();
});
