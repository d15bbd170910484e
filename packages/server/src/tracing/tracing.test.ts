import { channel } from "node:diagnostics_channel";
import { EventEmitter } from "node:events";
import { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { SpanKind, SpanStatusCode, context, trace, type Span } from "@opentelemetry/api";
import { AlwaysOffSampler, BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan, type Sampler } from "@opentelemetry/sdk-trace-base";
import type { BatchEvent, TraceContext } from "bentoml-core";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { io } from "../io/index.js";
import { ModelServer } from "../model-server.js";
import { Service } from "../service/service.js";
import { openSocket, send } from "../testing/http-client.js";
import { callOf, oneRow, plain } from "../testing/runner-requests.js";
import { SampleServer } from "../testing/sample-runner.js";
import { doubling, goodBody, serve, waiting } from "../testing/served-fixtures.js";
import { traceRunners } from "./trace-runners.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const CLIENT = "00f067aa0ba902b7";
const fromClient = { traceparent: `00-${TRACE}-${CLIENT}-01`, tracestate: "vendor=1" };
const infer = { path: "/v2/models/double/infer", body: goodBody };

/** An OpenTelemetry SDK as a program registers it, and what it would export. */
function registerSdk(sampler?: Sampler): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ ...(sampler === undefined ? {} : { sampler }), spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  return exporter;
}

async function spansOf(exporter: InMemorySpanExporter, count: number): Promise<ReadableSpan[]> {
  await expect.poll(() => exporter.getFinishedSpans().length).toBeGreaterThanOrEqual(count);
  return exporter.getFinishedSpans();
}

const contextOf = (span: ReadableSpan): TraceContext => ({ traceparent: `00-${span.spanContext().traceId}-${span.spanContext().spanId}-01` });
const msOf = ([seconds, nanoseconds]: readonly [number, number]): number => seconds * 1000 + nanoseconds / 1e6;

function batchOf(traced: BatchEvent["traced"], event: Partial<BatchEvent> = {}): BatchEvent {
  return { runner: "double", method: "run", workerIndex: 3, requests: 2, items: 5, queueWaitMs: 30, summedQueueWaitMs: 40, durationMs: 20, handOverMs: 1, readMs: 2, outcome: "ok", ...(traced === undefined ? {} : { traced }), ...event };
}

afterEach(() => {
  trace.disable();
  context.disable();
});

test("without an SDK a request has no span, and its call the client's trace", async () => {
  const model = doubling();
  await using server = await serve([model]);
  await send(server.port, infer);
  await send(server.port, { ...infer, headers: fromClient });
  expect(model.runner.calls.map(({ options }) => options.traceContext)).toEqual([undefined, fromClient]);
});

test("a request is a span of the client's trace, by the conventions for HTTP; its call is a child", async () => {
  const exporter = registerSdk();
  const model = doubling();
  await using server = await serve([model], { serviceName: "digits" });
  const before = Date.now();
  await send(server.port, { ...infer, path: `${infer.path}?key=1`, headers: { ...fromClient, "User-Agent": "test/1", "X-Request-Id": "r-1" } });
  const [span] = (await spansOf(exporter, 1)) as [ReadableSpan];
  expect(span).toMatchObject({ name: "POST /v2/models/{model}/infer", kind: SpanKind.SERVER, parentSpanContext: { traceId: TRACE, spanId: CLIENT, isRemote: true }, status: { code: SpanStatusCode.UNSET } });
  expect(span.attributes).toEqual({
    "http.request.method": "POST",
    "http.route": "/v2/models/{model}/infer",
    "http.response.status_code": 200,
    "url.path": "/v2/models/double/infer",
    "url.scheme": "http",
    "network.protocol.version": "1.1",
    "server.address": "127.0.0.1",
    "server.port": server.port,
    "client.address": "127.0.0.1",
    "user_agent.original": "test/1",
    "bentoml.target": "double",
    "bentoml.request_id": "r-1",
  });
  expect(Math.abs(msOf(span.startTime) - before)).toBeLessThan(60_000);
  expect(msOf(span.duration)).toBeGreaterThan(0);
  expect(model.runner.calls[0]?.options.traceContext).toEqual({ ...contextOf(span), tracestate: "vendor=1" });
});

test("every route but probes and scrapes has its span; faults of the server are errors, those of clients are not", async () => {
  const exporter = registerSdk();
  const model = doubling();
  await using server = await serve([model], { onUnexpectedError: () => undefined, page: false });
  for (const path of ["/livez", "/readyz", "/metrics", "/v2/health/live"]) await send(server.port, { path });
  await send(server.port, { path: "/v2" });
  await send(server.port, { path: "/nowhere" });
  await send(server.port, { ...infer, body: {} });
  await send(server.port, { path: "/v2", method: "PROPFIND" });
  model.runner.methods.run!.with = () => () => Promise.reject(new RangeError("nobody's intention"));
  await using broken = await serve([model], { onUnexpectedError: () => undefined });
  await send(broken.port, infer);
  const spans = await spansOf(exporter, 5);
  expect(spans.map(({ name, attributes, status }) => [name, attributes["http.response.status_code"], attributes["error.type"], status.code])).toEqual([
    ["GET /v2", 200, undefined, SpanStatusCode.UNSET],
    ["GET", 404, undefined, SpanStatusCode.UNSET],
    ["POST /v2/models/{model}/infer", 400, undefined, SpanStatusCode.UNSET],
    ["HTTP /v2", 405, undefined, SpanStatusCode.UNSET],
    ["POST /v2/models/{model}/infer", 500, "500", SpanStatusCode.ERROR],
  ]);
  expect(spans[3]?.attributes).toMatchObject({ "http.request.method": "_OTHER", "http.request.method_original": "PROPFIND" });
});

test("a client that went is an error", async () => {
  const exporter = registerSdk();
  const { model, called } = waiting();
  await using server = await serve([model]);
  const socket = await openSocket(server.port);
  const body = JSON.stringify(goodBody);
  socket.write(`POST /v2/models/wait/infer HTTP/1.1\r\nHost: x\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`);
  await called;
  socket.destroy();
  const [span] = await spansOf(exporter, 1);
  expect(span).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { "error.type": "client_gone", "server.address": "x" } });
});

test("the span of an SDK that watches node:http itself is taken, and no second one made", async () => {
  const exporter = registerSdk();
  const model = doubling();
  const begin = (kind: SpanKind): Span => trace.getTracer("http").startSpan("POST", { kind });
  const [ofRequest, ofProgram] = [begin(SpanKind.SERVER), begin(SpanKind.INTERNAL)];
  const within = <T>(span: Span, act: () => T): T => context.with(trace.setSpan(context.active(), span), act);
  // A server that begins to listen within a span of the program, and one whose requests the SDK sees by the method that all such SDKs wrap.
  const watched = await serve([model]);
  const { emit } = EventEmitter.prototype;
  Server.prototype.emit = function (event: string, ...values: unknown[]) {
    return event === "request" && (this.address() as AddressInfo).port === watched.port ? within(ofRequest, () => emit.call(this, event, ...values)) : emit.call(this, event, ...values);
  };
  onTestFinished(() => {
    Reflect.deleteProperty(Server.prototype, "emit");
  });
  const servers = [watched, await within(ofProgram, () => serve([model]))];
  for (const { port } of servers) await send(port, infer);
  for (const { server } of servers) await server.close();
  expect(exporter.getFinishedSpans().map(({ parentSpanContext }) => parentSpanContext)).toEqual([undefined]);
  ofRequest.end();
  const [own, taken] = exporter.getFinishedSpans() as [ReadableSpan, ReadableSpan];
  expect(taken).toMatchObject({ name: "POST /v2/models/{model}/infer", attributes: { "http.route": "/v2/models/{model}/infer", "bentoml.target": "double" } });
  expect(model.runner.calls.map(({ options }) => options.traceContext)).toEqual([contextOf(taken), contextOf(own)]);
});

test("what is not sampled is not recorded, and says so to whom it calls", async () => {
  const exporter = registerSdk(new AlwaysOffSampler());
  const model = doubling();
  await using server = await serve([model]);
  await send(server.port, { ...infer, headers: { traceparent: `00-${TRACE}-${CLIENT}-00` } });
  const [call] = model.runner.calls;
  const { traceContext } = call?.options ?? {};
  expect(traceContext?.traceparent).toMatch(new RegExp(`^00-${TRACE}-[\\da-f]{16}-00$`));
  channel("bentoml:batch").publish(batchOf([{ traceContext: traceContext as TraceContext, requestId: undefined, items: 1, queueWaitMs: 1 }]));
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test("tracing can be off though there is an SDK", async () => {
  const exporter = registerSdk();
  await using server = await serve([doubling()], { tracing: false });
  await send(server.port, { ...infer, headers: fromClient });
  channel("bentoml:batch").publish(batchOf([{ traceContext: fromClient, requestId: undefined, items: 1, queueWaitMs: 1 }]));
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test("a batch is a span with links to its requests; each of them has its wait and its run, in its own trace", async () => {
  const exporter = registerSdk();
  const stop = traceRunners();
  const calls = ["a", "b"].map((letter, index) => ({
    traceContext: { traceparent: `00-${letter.repeat(32)}-${letter.repeat(16)}-01` },
    requestId: letter,
    items: index + 2,
    queueWaitMs: 30 - index * 10,
  }));
  const unsampled = { traceContext: { traceparent: `00-${"c".repeat(32)}-${"c".repeat(16)}-00` }, requestId: undefined, items: 1, queueWaitMs: 1 };
  channel("bentoml:batch").publish(batchOf([...calls, unsampled]));
  stop();
  const spans = exporter.getFinishedSpans();
  const batch = spans.find(({ name }) => name === "batch double.run") as ReadableSpan;
  expect(spans.map(({ name, parentSpanContext }) => [name, parentSpanContext?.spanId])).toEqual([
    ["queue double.run", "a".repeat(16)],
    ["run double.run", "a".repeat(16)],
    ["queue double.run", "b".repeat(16)],
    ["run double.run", "b".repeat(16)],
    ["batch double.run", "a".repeat(16)],
  ]);
  expect(batch.links.map(({ context: linked }) => linked.spanId)).toEqual(["a".repeat(16), "b".repeat(16)]);
  const [queueA, runA, queueB, runB] = spans as [ReadableSpan, ReadableSpan, ReadableSpan, ReadableSpan];
  expect([queueA, queueB, runA, runB, batch].map(({ duration }) => Math.round(msOf(duration)))).toEqual([30, 20, 20, 20, 20]);
  expect(queueA.endTime).toEqual(runA.startTime);
  expect(runB.links.map(({ context: linked }) => linked.spanId)).toEqual([batch.spanContext().spanId]);
  expect(runB.attributes).toEqual({
    "bentoml.runner": "double",
    "bentoml.method": "run",
    "bentoml.worker.index": 3,
    "bentoml.batch.items": 5,
    "bentoml.batch.requests": 2,
    "bentoml.batch.outcome": "ok",
    "bentoml.call.items": 3,
  });
});

test("a batch that failed is an error of all its spans but the waits", () => {
  const exporter = registerSdk();
  const stop = traceRunners();
  channel("bentoml:batch").publish(batchOf([{ traceContext: fromClient, requestId: undefined, items: 1, queueWaitMs: 1 }], { outcome: "crashed" }));
  stop();
  expect(exporter.getFinishedSpans().map(({ name, status, attributes }) => [name, status.code, attributes["error.type"]])).toEqual([
    ["queue double.run", SpanStatusCode.UNSET, undefined],
    ["run double.run", SpanStatusCode.ERROR, "crashed"],
    ["batch double.run", SpanStatusCode.ERROR, "crashed"],
  ]);
});

test("several that trace runners record a batch once, until the last one has stopped", async () => {
  const exporter = registerSdk();
  const stop = traceRunners();
  const publish = (): void => channel("bentoml:batch").publish(batchOf([{ traceContext: fromClient, requestId: undefined, items: 1, queueWaitMs: 1 }]));
  {
    await using _server = await serve([doubling()]);
    publish();
    expect(exporter.getFinishedSpans()).toHaveLength(3);
  }
  publish();
  expect(exporter.getFinishedSpans()).toHaveLength(6);
  stop();
  stop();
  publish();
  expect(exporter.getFinishedSpans()).toHaveLength(6);
  expect(channel("bentoml:batch").hasSubscribers).toBe(false);
});

test("a call to a runner in another process carries the active span there; the runner server goes on with it", async () => {
  const exporter = registerSdk();
  await using server = await SampleServer.start();
  const client = await server.client();
  const root = trace.getTracer("test").startSpan("root");
  await context.with(trace.setSpan(context.active(), root), () => client.echo("x"));
  await client.echo("y");
  root.end();
  const spans = await spansOf(exporter, 3);
  expect(spans.map(({ name, parentSpanContext, attributes }) => [name, parentSpanContext?.spanId, attributes["bentoml.target"]])).toEqual(
    expect.arrayContaining([
      ["root", undefined, undefined],
      ["POST /echo", root.spanContext().spanId, "sample"],
      ["POST /echo", undefined, "sample"],
    ]),
  );
});

test("what an API's handler does is part of its request's span", async () => {
  const exporter = registerSdk();
  const service = new Service("sums");
  service.api("double", { input: io.json<number>(), output: io.json<number>() }, (x) => {
    trace.getTracer("user").startSpan("own").end();
    return 2 * x;
  });
  const server = new ModelServer({ service, page: false });
  const { port } = await server.listen({ port: 0 });
  await send(port, { path: "/double", headers: { "Content-Type": "application/json" }, body: "3" });
  const spans = await spansOf(exporter, 2);
  await server.close();
  expect(spans.map(({ name }) => name)).toEqual(["own", "POST /double"]);
  expect(spans[0]?.parentSpanContext?.spanId).toBe(spans[1]?.spanContext().spanId);
});

test("the Runnable of a runner server sees the server's span as its trace", async () => {
  const exporter = registerSdk();
  await using server = await SampleServer.start();
  await send(server.port, callOf("/context", plain('"x"'), fromClient));
  const [span] = (await spansOf(exporter, 1)) as [ReadableSpan];
  expect(server.events.traceContexts).toEqual([{ ...contextOf(span), tracestate: "vendor=1" }]);
  await send(server.port, callOf("/double", oneRow, { traceparent: "nonsense" }));
  expect((await spansOf(exporter, 2))[1]?.parentSpanContext).toBeUndefined();
});

