import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modelPath, readHeldOut } from "@bentoml-tools/digits";
import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { ModelStore } from "bentoml-core";
import { saveModel, type OnnxModel } from "bentoml-onnx";
import { ModelServer, RunnerServer, servedModel } from "bentoml-server";
import { Pool } from "undici";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

const exporter = new InMemorySpanExporter();
const closed: (() => Promise<unknown>)[] = [];
let model: OnnxModel;

beforeAll(async () => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const home = await mkdtemp(join(tmpdir(), "bentoml-traces-"));
  closed.push(() => rm(home, { recursive: true, force: true }));
  model = await saveModel("digits", modelPath, { store: new ModelStore(home) });
});

beforeEach(() => exporter.reset());

afterAll(async () => {
  for (const close of closed.reverse()) await close();
  trace.disable();
  context.disable();
});

/** A server of the model, whose runner has a worker here. */
async function serveHere(): Promise<string> {
  const server = new ModelServer({ models: [servedModel(model, model.toRunner({ workers: 1 }))], ownsRunners: true });
  closed.push(() => server.close());
  return (await server.listen({ port: 0 })).url;
}

/** A server of the model, whose runner is served by another server. */
async function serveRemote(): Promise<string> {
  const runnerServer = new RunnerServer({ runner: model.toRunner({ workers: 1 }), ownsRunner: true });
  closed.push(() => runnerServer.close());
  const { url } = await runnerServer.listen({ port: 0 });
  const runner = model.toRunner();
  await runner.initClient({ url });
  closed.push(() => runner.destroy());
  const front = new ModelServer({ models: [servedModel(model, runner)] });
  closed.push(() => front.close());
  return (await front.listen({ port: 0 })).url;
}

const traceIdOf = (index: number): string => (index + 1).toString(16).padStart(32, "0");

async function inferAll(url: string, count: number): Promise<void> {
  const pool = new Pool(url, { connections: count });
  const { images } = readHeldOut();
  const infer = async (index: number): Promise<void> => {
    const inputs = [{ name: "image", datatype: "FP32", shape: [1, 1, 8, 8], data: Array.from(images.subarray(index * 64, (index + 1) * 64)) }];
    const headers = { traceparent: `00-${traceIdOf(index)}-00f067aa0ba902b7-01` };
    const { statusCode, body } = await pool.request({ method: "POST", path: "/v2/models/digits/infer", body: JSON.stringify({ inputs }), headers });
    await body.dump();
    expect(statusCode).toBe(200);
  };
  await Promise.all(Array.from({ length: count }, (_, index) => infer(index)));
  await pool.close();
}

async function spansOnceThere(isThere: (spans: readonly ReadableSpan[]) => boolean): Promise<readonly ReadableSpan[]> {
  await expect.poll(() => isThere(exporter.getFinishedSpans()), { timeout: 10_000 }).toBe(true);
  return exporter.getFinishedSpans();
}

const named = (spans: readonly ReadableSpan[], begin: string): ReadableSpan[] => spans.filter(({ name }) => name.startsWith(begin));
const idOf = (span: ReadableSpan | undefined): string | undefined => span?.spanContext().spanId;

test("64 requests at once: each trace has its request, wait and run; the batches name their requests", async () => {
  const url = await serveHere();
  await inferAll(url, 64);
  const spans = await spansOnceThere((all) => named(all, "POST").length === 64 && named(all, "run").length === 64);
  for (let index = 0; index < 64; index++) {
    const own = spans.filter((span) => span.spanContext().traceId === traceIdOf(index));
    const [request] = named(own, "POST /v2/models/{model}/infer");
    const [queue] = named(own, "queue digits.");
    const [run] = named(own, "run digits.");
    expect([request?.parentSpanContext?.spanId, queue?.parentSpanContext?.spanId, run?.parentSpanContext?.spanId]).toEqual(["00f067aa0ba902b7", idOf(request), idOf(request)]);
    const batch = spans.find((span) => idOf(span) === run?.links[0]?.context.spanId);
    expect(batch?.links.map(({ context: { spanId } }) => spanId)).toContain(idOf(request));
    expect(run?.attributes["bentoml.batch.requests"]).toBe(batch?.links.length);
  }
  const batches = named(spans, "batch digits.");
  expect(batches.length).toBeLessThan(64);
  expect(batches.reduce((total, { attributes }) => total + Number(attributes["bentoml.batch.items"]), 0)).toBe(64);
});

test("a call to a runner on another server goes on there, in the same trace", async () => {
  const url = await serveRemote();
  await inferAll(url, 1);
  const spans = await spansOnceThere((all) => named(all, "POST").length === 2 && named(all, "batch").length === 1);
  const [front] = named(spans, "POST /v2/models/{model}/infer");
  const there = spans.find((span) => span.name.startsWith("POST /") && span !== front);
  const [run] = named(spans, "run digits.");
  expect(spans.map((span) => span.spanContext().traceId)).toEqual(spans.map(() => traceIdOf(0)));
  expect([there?.parentSpanContext?.spanId, run?.parentSpanContext?.spanId]).toEqual([idOf(front), idOf(there)]);
});

test("calls that travel there together keep their own traces", async () => {
  const url = await serveRemote();
  await inferAll(url, 32);
  const spans = await spansOnceThere((all) => named(all, "run").length === 32 && named(all, "POST /v2").length === 32);
  for (let index = 0; index < 32; index++) {
    const own = spans.filter((span) => span.spanContext().traceId === traceIdOf(index));
    expect([named(own, "POST /v2").length, named(own, "queue").length, named(own, "run").length]).toEqual([1, 1, 1]);
  }
});
