import { METHODS } from "node:http";
import { NdArray, RUNNER_PROTOCOL_VERSION, type CallOptions } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { openSocket, readUntil, send } from "../testing/http-client.js";
import { callOf, errorOf, oneRow } from "../testing/runner-requests.js";
import { SampleServer, runnerOfOneItem } from "../testing/sample-runner.js";

describe("routes", () => {
  test("a method answers at its name, with the headers of the protocol", async () => {
    await using server = await SampleServer.start();
    const answer = await send(server.port, callOf("/double", oneRow));
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      "content-type": "application/vnd.bentoml.NdArrayContainer",
      "payload-container": "NdArrayContainer",
      "payload-meta": '{"dtype":"float32","shape":[1,2]}',
      "batch-size": "1",
      "bento-wire-version": String(RUNNER_PROTOCOL_VERSION),
      server: "BentoML-Runner/sample/double",
    });
    expect([...new Float32Array(new Uint8Array(answer.bytes).buffer)]).toEqual([2, 4]);
    expect((await send(server.port, callOf("/%64ouble?trace=1", oneRow))).status).toBe(200);
  });

  test("the call by hand that the wire format's page shows", async () => {
    await using server = await SampleServer.start();
    const headers = { "Args-Number": 1, "Content-Type": "application/vnd.bentoml.NdArrayContainer", "Payload-Meta": '{"dtype":"float32","shape":[1,2]}', "Batch-Size": 1 };
    expect((await send(server.port, { path: "/double", headers, body: Buffer.from(oneRow.buffers[0] ?? []) })).status).toBe(200);
  });

  test("what is not there is 404, and lists what is", async () => {
    await using server = await SampleServer.start();
    for (const path of ["/nope", "/double/more", "/", "/%ff"]) {
      const answer = await send(server.port, callOf(path, oneRow));
      expect([path, answer.status]).toEqual([path, 404]);
      expect(errorOf(answer)).toMatchObject({ name: "NotFoundError", code: "METHOD_NOT_FOUND", message: expect.stringMatching(/POST \/double, POST \/echo/) });
    }
  });

  test("every other way to ask is 405 with Allow", async () => {
    await using server = await SampleServer.start();
    for (const [path, allow] of [["/double", "POST"], ["/readyz", "GET, HEAD"], ["/metrics", "GET, HEAD"]] as const) {
      for (const method of METHODS.filter((name) => name !== "CONNECT" && !allow.split(", ").includes(name))) {
        const answer = await send(server.port, { path, method });
        expect([path, method, answer.status, answer.headers["allow"]]).toEqual([path, method, 405, allow]);
      }
    }
  });

  test("probes have the original's body; readiness follows the runner, and closing", async () => {
    await using server = await SampleServer.start();
    for (const path of ["/livez", "/healthz", "/readyz"]) {
      const answer = await send(server.port, { path });
      expect([answer.status, answer.text, answer.headers["content-type"]]).toEqual([200, "\n", "text/plain; charset=utf-8"]);
    }
    await server.runner.destroy();
    const answer = await send(server.port, { path: "/readyz" });
    expect([answer.status, answer.headers["retry-after"]]).toEqual([503, "1"]);
    expect(errorOf(answer)).toMatchObject({ name: "ServiceUnavailableError", code: "NOT_READY", message: "not ready: sample" });
    expect((await send(server.port, { path: "/livez" })).status).toBe(200);
  });

  test("metrics have the original's names and labels", async () => {
    await using server = await SampleServer.start({ serviceName: "svc", serviceVersion: "v1" });
    await send(server.port, callOf("/double", oneRow));
    await send(server.port, callOf("/nope", oneRow));
    const { text } = await send(server.port, { path: "/metrics" });
    const labels = 'endpoint="/double",runner_name="sample",service_name="svc",service_version="v1"';
    expect(text).toContain(`bentoml_runner_request_total{${labels},http_response_code="200"} 1`);
    expect(text).toContain(`bentoml_runner_request_duration_seconds_count{${labels},http_response_code="200"} 1`);
    expect(text).toContain(`bentoml_runner_request_in_progress{${labels}} 0`);
    expect(text).toMatch(/bentoml_runner_last_request_timestamp_seconds\{service_name="svc",service_version="v1"\} \d/);
    expect(text).toMatch(/request_total\{endpoint="\(no route\)".*"404"\} 1/);
    for (const name of ["adaptive_batch_size", "queue_wait_seconds", "queue_depth", "shed_total", "worker_restarts_total"]) {
      expect(text).toContain(`# TYPE bentoml_runner_${name} `);
    }
    await using without = await SampleServer.start({ metricsEnabled: false });
    expect((await send(without.port, { path: "/metrics" })).status).toBe(404);
  });
});

describe("limits", () => {
  test("a body that is declared or becomes too large is refused before it is in memory", async () => {
    await using server = await SampleServer.start({ maxBodyBytes: 64 });
    const declared = await openSocket(server.port);
    declared.write("POST /double HTTP/1.1\r\nHost: x\r\nArgs-Number: 1\r\nContent-Length: 99999999999\r\n\r\n");
    expect(await readUntil(declared, (text) => text.includes("BMLF"))).toMatch(/^HTTP\/1\.1 413 /);
    declared.destroy();
    const body = Buffer.alloc(1000);
    const chunked = await send(server.port, { path: "/double", headers: { "Args-Number": "1", "Transfer-Encoding": "chunked" }, body });
    expect([chunked.status, errorOf(chunked).code]).toEqual([413, "BODY_TOO_LARGE"]);
    expect((await send(server.port, callOf("/double", oneRow))).status).toBe(200);
  });

  test("a frame cannot declare more than the body may have", async () => {
    await using server = await SampleServer.start();
    const body = Buffer.alloc(32);
    body.write("BMLF");
    body.writeUInt16LE(1, 4);
    body.writeUInt16LE(1, 6);
    body.writeUInt32LE(0xfffffff8, 8);
    const answer = await send(server.port, { path: "/echo", headers: { "Args-Number": "2", "Content-Type": "application/vnd.bentoml.frame" }, body });
    expect([answer.status, errorOf(answer).message]).toEqual([400, expect.stringContaining("maxHeaderBytes")]);
  });

  test("more calls at once than maxConcurrency are refused with 429; probes are answered", async () => {
    await using server = await SampleServer.start({ maxConcurrency: 1 });
    const client = await server.client();
    const controller = new AbortController();
    const waiting = client.wait.with({ signal: controller.signal })(1).catch((error: unknown) => error);
    await expect.poll(() => server.events.begun).toBe(1);
    await expect(client.echo(1)).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS", httpStatus: 429, retryAfterMs: 1_000 });
    expect((await send(server.port, { path: "/readyz" })).status).toBe(200);
    controller.abort(new Error("enough"));
    expect(await waiting).toMatchObject({ message: "enough" });
    await expect.poll(async () => client.echo(1).catch(() => undefined)).toBe(1);
  });

  test("the caller's time limit reaches the method, and a longer one than the server's is cut", async () => {
    await using server = await SampleServer.start({ callTimeoutMs: 5_000 });
    const client = await server.client();
    const before = Date.now();
    await client.context.with({ timeoutMs: 1_000, requestId: "r-7" })(1);
    const deadline = server.events.deadline ?? 0;
    expect(server.events.requestIds).toEqual(["r-7"]);
    expect(deadline).toBeGreaterThanOrEqual(before + 900);
    expect(deadline).toBeLessThan(Date.now() + 1_000 * (1 + 1 / 16) + 1);
    await client.context.with({ timeoutMs: 500_000 })(1);
    expect(server.events.deadline).toBeLessThanOrEqual(Date.now() + 5_000);
  });

  test("priority and trace reach the runner", async () => {
    const seen: CallOptions[] = [];
    await using sample = await SampleServer.start();
    const { name, maxBatchSize, config } = sample.runner.echo;
    const record = (options: CallOptions): object => {
      seen.push(options);
      return () => Promise.resolve("seen");
    };
    const watched = { ...runnerOfOneItem(sample), name: "watched", methods: { echo: { name, maxBatchSize, config, with: record } } };
    await using server = await SampleServer.start({ runner: watched });
    const client = await server.client();
    const traceContext = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", tracestate: "vendor=1" };
    await client.echo.with({ priority: "high", traceContext })(1);
    expect(seen[0]).toMatchObject({ priority: "high", traceContext });
    const answer = await send(sample.port, callOf("/double", oneRow, { "Bento-Priority": "urgent" }));
    expect([answer.status, errorOf(answer).message]).toEqual([400, expect.stringContaining("high, normal, low")]);
  });

  test("a call that takes longer than the server's limit is 504", async () => {
    await using server = await SampleServer.start({ callTimeoutMs: 30 });
    const client = await server.client();
    await expect(client.wait(1)).rejects.toMatchObject({ name: "DeadlineExceededError", httpStatus: 504 });
    expect(server.events.aborted).toBe(1);
  });
});

test("several outputs, and values of each kind, come back as they were", async () => {
  await using server = await SampleServer.start();
  const client = await server.client();
  const x = NdArray.from([[1, 2], [3, 4]]);
  const outputs = await client.both(x);
  expect(outputs.map((output) => output.toNested())).toEqual([x.toNested(), x.toNested()]);
  for (const value of [null, undefined, 1n, "żółć", [1, [2]], new Map([["a", new Set([1])]]), new Date(0), { at: [NaN] }]) {
    expect(await client.echo(value)).toEqual(value);
  }
});
