import { ServiceUnavailableError } from "bentoml-core";
import { expect, test, vi } from "vitest";
import { io } from "../io/index.js";
import { deferred } from "../testing/deferred.js";
import { openSocket, readToEnd, readUntil } from "../testing/http-client.js";
import { serveService, serviceOf } from "../testing/served-service.js";

const REQUEST = "POST /call HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx";

test("items are events, each sent when it is made", async () => {
  const more = deferred();
  const service = serviceOf(io.text(), io.stream(io.json<unknown>()), async function* () {
    yield { n: 1 };
    await more.promise;
    yield 'two\nlines "';
  });
  await using server = await serveService(service);
  const socket = await openSocket(server.port);
  socket.write(REQUEST);
  const begun = await readUntil(socket, (text) => text.includes('data: {"n":1}\n\n'));
  expect(begun).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*content-type: text\/event-stream\r\n/);
  const rest = readToEnd(socket);
  more.resolve();
  expect(await rest).toContain('data: "two\\nlines \\""\n\n');
});

test("text of several lines stays one event", async () => {
  const service = serviceOf(io.text(), io.stream(io.text()), async function* () {
    yield "a\nb\r\n";
  });
  await using server = await serveService(service);
  expect((await server.post("/call", { body: "x" })).text).toBe("data: a\ndata: b\ndata: \n\n");
});

test("an error before the first item has its status, one after it is the last event", async () => {
  const reported = vi.fn();
  const service = serviceOf(io.text(), io.stream(io.text()), async function* (kind) {
    if (kind === "early") throw new ServiceUnavailableError("busy");
    yield "one";
    if (kind === "typed") throw new ServiceUnavailableError("busy");
    if (kind === "other") throw new RangeError("secret");
  });
  await using server = await serveService(service, { onUnexpectedError: reported });
  const early = await server.post("/call", { body: "early" });
  expect([early.status, early.json()]).toEqual([503, { error: "busy" }]);
  expect((await server.post("/call", { body: "typed" })).text).toBe('data: one\n\nevent: error\ndata: {"error":"busy"}\n\n');
  expect(reported).not.toHaveBeenCalled();
  expect((await server.post("/call", { body: "other" })).text).toBe('data: one\n\nevent: error\ndata: {"error":"the server failed on this request; its log says why"}\n\n');
  expect(reported.mock.calls.map(([error]) => error as unknown)).toEqual([new RangeError("secret")]);
  expect((await server.post("/call", { body: "fine" })).text).toBe("data: one\n\n");
});

test("no items are an empty answer, and what is no stream is the API's fault", async () => {
  const reported = vi.fn();
  const service = serviceOf(io.text(), io.stream(io.text()), (kind) => (kind === "wrong" ? ("text" as never) : none()));
  await using server = await serveService(service, { onUnexpectedError: reported });
  const response = await server.post("/call", { body: "x" });
  expect([response.status, response.text]).toEqual([200, ""]);
  expect((await server.post("/call", { body: "wrong" })).status).toBe(500);
});

async function* none(): AsyncGenerator<string> {
  // Nothing to yield.
}

test("a client that goes ends the stream, and its signal is aborted", async () => {
  const ended = deferred<unknown>();
  const service = serviceOf(io.text(), io.stream(io.text()), async function* (_value, { signal }) {
    try {
      yield "one";
      await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error)));
    } finally {
      ended.resolve(signal.reason);
    }
  });
  await using server = await serveService(service);
  const socket = await openSocket(server.port);
  socket.write(REQUEST);
  await readUntil(socket, (text) => text.includes("data: one"));
  socket.destroy();
  expect(await ended.promise).toMatchObject({ code: "CLIENT_GONE" });
  await vi.waitUntil(async () => /request_total\{endpoint="\/call".*http_response_code="499"\} 1/.test((await server.get("/metrics")).text), { timeout: 20_000 });
});

test("no more is made than the client reads, and what is left is not made when it goes", async () => {
  let made = 0;
  const ended = deferred();
  const service = serviceOf(io.text(), io.stream(io.text()), async function* () {
    try {
      for (;;) {
        made++;
        yield "x".repeat(1024 * 1024);
      }
    } finally {
      ended.resolve();
    }
  });
  await using server = await serveService(service);
  const socket = await openSocket(server.port);
  socket.pause();
  socket.write(REQUEST);
  let before = -1;
  await vi.waitUntil(() => {
    const stands = made > 0 && made === before;
    before = made;
    return stands;
  }, { interval: 100, timeout: 10_000 });
  expect(made).toBeLessThan(64);
  socket.destroy();
  await ended.promise;
});

test("the time of a call is for its first item: a stream may take longer", async () => {
  const first = deferred();
  const service = serviceOf(
    io.text(),
    io.stream(io.text()),
    async function* (kind, context) {
      if (kind === "slow") await first.promise;
      yield context.callOptions.timeoutMs === undefined ? "untimed" : "timed";
      yield context.callOptions.timeoutMs === undefined ? "untimed" : "timed";
    },
    50,
  );
  await using server = await serveService(service);
  expect((await server.post("/call", { body: "slow" })).status).toBe(504);
  expect((await server.post("/call", { body: "x" })).text).toBe("data: timed\n\ndata: untimed\n\n");
  first.resolve();
});
