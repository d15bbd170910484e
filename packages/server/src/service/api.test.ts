import { once } from "node:events";
import { gunzipSync, gzipSync } from "node:zlib";
import { BentoMLError, ServiceUnavailableError } from "bentoml-core";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { io } from "../io/index.js";
import { deferred } from "../testing/deferred.js";
import { openSocket, readToEnd } from "../testing/http-client.js";
import { serveService, serviceOf } from "../testing/served-service.js";
import type { ApiContext } from "./api-context.js";

const json = { "Content-Type": "application/json" };
const text = { "Content-Type": "text/plain" };

test("an API answers POST at its route with what its handler gives, whatever the query", async () => {
  await using server = await serveService(serviceOf(io.json(z.object({ x: z.number() })), io.json<{ y: number }>(), ({ x }) => ({ y: 2 * x })));
  const response = await server.post("/call?page=1", { headers: json, body: { x: 3 } });
  expect([response.status, response.headers["content-type"], response.text]).toEqual([200, "application/json", '{"y":6}']);
});

test("other methods are 405, and only the route itself is there", async () => {
  await using server = await serveService(serviceOf(io.text(), io.text(), (value) => value));
  const get = await server.get("/call");
  expect([get.status, get.headers.allow]).toEqual([405, "POST"]);
  for (const path of ["/call/", "/Call", "/call/x"]) expect((await server.post(path, { body: "x" })).status, path).toBe(404);
});

test("a Content-Type that the input does not read is 415 and says what is; none is taken for the usual one", async () => {
  await using server = await serveService(serviceOf(io.json(), io.json(), (value) => value));
  for (const type of ["text/csv", "application/x-www-form-urlencoded", "nonsense"]) {
    const response = await server.post("/call", { headers: { "Content-Type": type }, body: "1" });
    expect([response.status, response.json()], type).toEqual([415, { error: `the Content-Type "${type}" is not read here: send application/json, text/json, and say so with the header "Content-Type: application/json"` }]);
  }
  expect((await server.post("/call", { body: "1" })).text).toBe("1");
  expect((await server.post("/call", { headers: { "Content-Type": "Application/JSON; charset=UTF-8" }, body: "1" })).text).toBe("1");
});

test("a body that is too large is 413; compressed ones are read, and measured when they are whole", async () => {
  await using server = await serveService(serviceOf(io.text(), io.json(), (value) => value.length), { maxBodyBytes: 1000 });
  expect((await server.post("/call", { headers: text, body: "x".repeat(1001) })).status).toBe(413);
  expect((await server.post("/call", { headers: { ...text, "Transfer-Encoding": "chunked" }, body: "x".repeat(1001) })).status).toBe(413);
  const gzip = { ...text, "Content-Encoding": "gzip" };
  expect((await server.post("/call", { headers: gzip, body: gzipSync("x".repeat(900)) })).text).toBe("900");
  expect((await server.post("/call", { headers: gzip, body: gzipSync("x".repeat(1001)) })).status).toBe(413);
  expect((await server.post("/call", { headers: gzip, body: "plain" })).status).toBe(400);
  expect((await server.post("/call", { headers: { ...text, "Content-Encoding": "br" }, body: "plain" })).status).toBe(415);
});

test("long answers are compressed for clients that accept it", async () => {
  await using server = await serveService(serviceOf(io.text(), io.text(), (value) => value.repeat(1000)));
  const response = await server.post("/call", { headers: { ...text, "Accept-Encoding": "gzip" }, body: "abc" });
  expect([response.headers["content-encoding"], gunzipSync(response.bytes).toString()]).toEqual(["gzip", "abc".repeat(1000)]);
  expect((await server.post("/call", { headers: text, body: "abc" })).text).toBe("abc".repeat(1000));
});

test("typed errors are answered with their status and message, busy ones with Retry-After", async () => {
  const errors: Record<string, unknown> = {
    gone: new BentoMLError("no such user", { code: "NO_USER", httpStatus: 404 }),
    busy: new ServiceUnavailableError("the queue is full", { retryAfterMs: 2500 }),
  };
  await using server = await serveService(
    serviceOf(io.text(), io.text(), (value) => {
      throw errors[value];
    }),
  );
  const gone = await server.post("/call", { body: "gone" });
  expect([gone.status, gone.json()]).toEqual([404, { error: "no such user" }]);
  const busy = await server.post("/call", { body: "busy" });
  expect([busy.status, busy.headers["retry-after"]]).toEqual([503, "3"]);
});

test("an unexpected error, and an answer that cannot be written, are 500 that say nothing, and are reported", async () => {
  const reported = vi.fn();
  const handlers = [
    () => {
      throw new TypeError("secret path /etc");
    },
    () => 3 as never,
  ];
  for (const handler of handlers) {
    await using server = await serveService(serviceOf(io.text(), io.text(), handler), { onUnexpectedError: reported });
    const response = await server.post("/call", { headers: { "X-Request-Id": "r1" }, body: "x" });
    expect([response.status, response.json()]).toEqual([500, { error: "the server failed on this request; its log says why" }]);
    expect(reported.mock.lastCall?.[1]).toEqual({ endpoint: "/call", requestId: "r1" });
  }
  expect(reported.mock.calls.map(([error]) => (error as Error).message)).toEqual(["secret path /etc", "API call gave an answer that cannot be sent: the answer must be a string, it is of type number"]);
});

test("an answer that does not fit its schema is the API's fault, although the check throws what is 400 for inputs", async () => {
  const reported = vi.fn();
  await using server = await serveService(serviceOf(io.text(), io.ndarray({ shape: [2] }), () => 7 as never), { onUnexpectedError: reported });
  expect((await server.post("/call", { body: "x" })).status).toBe(500);
  expect(reported).toHaveBeenCalledOnce();
});

test("a call that takes too long is 504, and its signal is aborted", async () => {
  let seen: ApiContext | undefined;
  const service = serviceOf(
    io.text(),
    io.text(),
    (_value, context) => {
      seen = context;
      return new Promise<string>(() => undefined);
    },
    20,
  );
  await using server = await serveService(service);
  const response = await server.post("/call", { body: "x" });
  expect([response.status, response.json()]).toEqual([504, { error: "the call was not answered within 20 ms" }]);
  expect(seen?.signal.reason).toMatchObject({ code: "DEADLINE_EXCEEDED" });
});

test("a client that goes aborts the call", async () => {
  const called = deferred<ApiContext>();
  await using server = await serveService(
    serviceOf(io.text(), io.text(), (_value, context) => {
      called.resolve(context);
      return new Promise<string>(() => undefined);
    }),
  );
  const socket = await openSocket(server.port);
  socket.write("POST /call HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
  const { signal } = await called.promise;
  socket.destroy();
  if (!signal.aborted) await once(signal, "abort");
  expect(signal.reason).toMatchObject({ code: "CLIENT_GONE" });
});

test("the context tells of the request, and what its answer is", async () => {
  const seen: unknown[] = [];
  const handler = (value: string, context: ApiContext): string => {
    const { request, requestId, trace, callOptions } = context;
    seen.push(request.headers["x-mine"], request.path, request.query.get("q"), request.remoteAddress, requestId, trace, callOptions.requestId, callOptions.traceContext, callOptions.signal === context.signal);
    expect(callOptions.timeoutMs).toBeGreaterThan(59_000);
    context.response.status = 201;
    context.response.setHeader("X-Answer", "yes");
    context.response.setHeader("Content-Type", "text/markdown");
    context.response.setCookie("session", "a b", { maxAgeSeconds: 60, secure: true });
    context.response.setCookie("other", "1", { httpOnly: false, sameSite: "strict", path: "/x", domain: "example.org" });
    return value;
  };
  await using server = await serveService(serviceOf(io.text(), io.text(), handler));
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const response = await server.post("/call?q=1", { headers: { "X-Mine": "a", "X-Request-Id": "r1", traceparent }, body: "x" });
  expect(seen).toEqual(["a", "/call", "1", "127.0.0.1", "r1", { traceparent }, "r1", { traceparent }, true]);
  expect([response.status, response.headers["x-answer"], response.headers["content-type"]]).toEqual([201, "yes", "text/markdown"]);
  expect(response.headers["set-cookie"]).toEqual(["session=a%20b; Max-Age=60; Path=/; Secure; HttpOnly; SameSite=Lax", "other=1; Domain=example.org; Path=/x; SameSite=Strict"]);
});

test("a response takes no header of the server's own and nothing that would break out of a header", async () => {
  const refused: (() => void)[] = [];
  await using server = await serveService(
    serviceOf(io.text(), io.text(), (value, { response }) => {
      refused.push(
        () => response.setHeader("Content-Length", "3"),
        () => response.setHeader("Set-Cookie", "a=1"),
        () => response.setHeader("X-A", "a\r\nX-B: b"),
        () => response.setCookie("a;b", "1"),
        () => response.setCookie("a", "1", { path: "/; Domain=evil.org" }),
        () => (response.status = 204),
        () => (response.status = 99),
      );
      return value;
    }),
  );
  await server.post("/call", { body: "x" });
  expect(refused).toHaveLength(7);
  for (const attempt of refused) expect(attempt).toThrow();
});

test("requests are counted under the API's route", async () => {
  await using server = await serveService(serviceOf(io.text(), io.text(), (value) => value));
  await server.post("/call", { body: "x" });
  expect((await server.get("/metrics")).text).toMatch(/bentoml_api_server_request_total\{endpoint="\/call",model_name="",service_name="sample",service_version="not available",http_response_code="200"\} 1/);
});

test("a server that is closing refuses calls, and answers those that it has taken", async () => {
  const answer = deferred<string>();
  const called = deferred();
  await using server = await serveService(
    serviceOf(io.text(), io.text(), () => {
      called.resolve();
      return answer.promise;
    }),
  );
  const socket = await openSocket(server.port);
  const all = readToEnd(socket);
  socket.write("POST /call HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx");
  await called.promise;
  const closed = server.server.close();
  answer.resolve("done");
  expect(await all).toMatch(/^HTTP\/1\.1 200 OK[^]*connection: close[^]*done$/i);
  await closed;
});
