import { deflateSync, gunzipSync, gzipSync, inflateSync } from "node:zlib";
import { NdArray } from "bentoml-core";
import { expect, test } from "vitest";
import { fakeModel } from "../testing/fake-runner.js";
import { binaryRequest, send } from "../testing/http-client.js";
import { addSub, doubling, goodBody, serve } from "../testing/served-fixtures.js";

const path = "/v2/models/double/infer";
const goodAnswer = { model_name: "double", model_version: "v1", outputs: [{ name: "y", datatype: "FP32", shape: [1, 2], data: [2, 5] }] };

test("JSON in, JSON out, with no Content-Type and with any", async () => {
  await using server = await serve([doubling()]);
  for (const headers of [{}, { "Content-Type": "application/json" }, { "Content-Type": "text/plain" }]) {
    const response = await send(server.port, { path, headers, body: goodBody });
    expect(response.status).toBe(200);
    expect(response.headers["content-type"]).toBe("application/json");
    expect(Number(response.headers["content-length"])).toBe(response.bytes.length);
    expect(response.json()).toEqual(goodAnswer);
  }
});

test("a version in the path, a query, an escaped name and the id", async () => {
  await using server = await serve([doubling("my model")]);
  for (const url of ["/v2/models/my%20model/infer", "/v2/models/my%20model/versions/v1/infer?trace=1", "/v2/models/m%79%20model/infer"]) {
    const response = await send(server.port, { path: url, body: { ...goodBody, id: "a-1" } });
    expect(response.json()).toEqual({ ...goodAnswer, model_name: "my model", id: "a-1" });
  }
});

test("a large body in many chunks, with and without a length", async () => {
  await using server = await serve([doubling()]);
  const data = Array.from({ length: 200_000 }, (_, index) => index % 1000);
  const body = { inputs: [{ name: "x", shape: [100_000, 2], datatype: "FP32", data }] };
  for (const headers of [{}, { "Transfer-Encoding": "chunked" }]) {
    const response = await send(server.port, { path, headers, body });
    expect(response.json()).toMatchObject({ outputs: [{ shape: [100_000, 2] }] });
    expect((response.json()["outputs"] as { data: number[] }[])[0]?.data).toEqual(data.map((value) => value * 2));
  }
});

test("binary in and out, whatever the length of the JSON, without a copy of a large tensor", async () => {
  const model = doubling();
  await using server = await serve([model]);
  const tensor = new Uint8Array(Float32Array.from({ length: 40_000 }, (_, index) => index).buffer);
  for (const id of ["", "1", "12", "123"]) {
    const response = await send(
      server.port,
      binaryRequest(
        path,
        { id, inputs: [{ name: "x", shape: [20_000, 2], datatype: "FP32", parameters: { binary_data_size: 160_000 } }], parameters: { binary_data_output: true } },
        tensor,
      ),
    );
    expect(response.status).toBe(200);
    expect(response.headers["content-type"]).toBe("application/octet-stream");
    const headerLength = Number(response.headers["inference-header-content-length"]);
    expect(JSON.parse(response.bytes.subarray(0, headerLength).toString())).toEqual({
      model_name: "double",
      model_version: "v1",
      id,
      outputs: [{ name: "y", datatype: "FP32", shape: [20_000, 2], parameters: { binary_data_size: 160_000 } }],
    });
    const output = response.bytes.subarray(headerLength);
    expect(output.length).toBe(160_000);
    expect(output.readFloatLE(4 * 39_999)).toBe(2 * 39_999);
    const input = model.runner.calls.at(-1)?.inputs["x"] as NdArray<"float32">;
    // A view on the body, which is longer; a copy would have a buffer of its own.
    expect(input.data.buffer.byteLength).toBeGreaterThan(160_000);
  }
});

test("mixed inputs and mixed outputs", async () => {
  await using server = await serve([addSub()]);
  const response = await send(
    server.port,
    binaryRequest(
      "/v2/models/add_sub/infer",
      {
        inputs: [
          { name: "a", shape: [2], datatype: "INT32", parameters: { binary_data_size: 8 } },
          { name: "b", shape: [2], datatype: "INT32", data: [1, 2] },
        ],
        outputs: [{ name: "difference", parameters: { binary_data: true } }, { name: "sum" }],
      },
      new Uint8Array(new Int32Array([10, 20]).buffer),
    ),
  );
  const headerLength = Number(response.headers["inference-header-content-length"]);
  expect(JSON.parse(response.bytes.subarray(0, headerLength).toString())).toMatchObject({
    outputs: [
      { name: "difference", parameters: { binary_data_size: 8 } },
      { name: "sum", data: [11, 22] },
    ],
  });
  expect(response.bytes.subarray(headerLength).toString("hex")).toBe("0900000012000000");
});

test("a raw request answers in binary", async () => {
  await using server = await serve([doubling()]);
  const body = Buffer.from(new Float32Array([1, 2, 3, 4]).buffer);
  const response = await send(server.port, { path, headers: { "Inference-Header-Content-Length": 0 }, body });
  const headerLength = Number(response.headers["inference-header-content-length"]);
  expect(JSON.parse(response.bytes.subarray(0, headerLength).toString())).toMatchObject({ outputs: [{ shape: [2, 2] }] });
  expect(response.bytes.readFloatLE(headerLength + 12)).toBe(8);
});

test("FP16 goes through in binary", async () => {
  const spec = { dtype: "float16", shape: [2] } as const;
  const model = fakeModel("half", [{ ...spec, name: "x" }], [{ ...spec, name: "y" }], ({ x }) => x);
  await using server = await serve([model]);
  const inputs = [{ name: "x", shape: [2], datatype: "FP16", parameters: { binary_data_size: 4 } }];
  const half = Buffer.from("003e00c0", "hex");
  const request = binaryRequest("/v2/models/half/infer", { inputs, parameters: { binary_data_output: true } }, half);
  expect((await send(server.port, request)).bytes.subarray(-4)).toEqual(half);
  const asJson = await send(server.port, binaryRequest("/v2/models/half/infer", { inputs }, half));
  expect(asJson.status).toBe(400);
  expect(asJson.json()["error"]).toMatch(/FP16/);
  expect(model.runner.calls).toHaveLength(1);
});

test("compressed requests, JSON and binary", async () => {
  await using server = await serve([doubling()]);
  const json = Buffer.from(JSON.stringify(goodBody));
  const binary = binaryRequest(
    path,
    { inputs: [{ name: "x", shape: [1, 2], datatype: "FP32", parameters: { binary_data_size: 8 } }] },
    new Uint8Array(new Float32Array([1, 2.5]).buffer),
  );
  for (const [coding, encode] of [["gzip", gzipSync], ["deflate", deflateSync], ["identity", (bytes: Buffer) => bytes]] as const) {
    const asJson = await send(server.port, { path, headers: { "Content-Encoding": coding }, body: encode(json) });
    expect(asJson.json()).toEqual(goodAnswer);
    const headers = { ...binary.headers, "Content-Encoding": coding };
    const asBinary = await send(server.port, { path, headers, body: encode(binary.body as Buffer) });
    expect(asBinary.json()).toEqual(goodAnswer);
  }
});

test("compressed responses where they are worth it", async () => {
  await using server = await serve([doubling()]);
  const data = Array.from({ length: 2000 }, () => 3);
  const body = { inputs: [{ name: "x", shape: [1000, 2], datatype: "FP32", data }] };
  const plain = await send(server.port, { path, body });
  const zipped = await send(server.port, { path, headers: { "Accept-Encoding": "gzip" }, body });
  expect(zipped.headers["content-encoding"]).toBe("gzip");
  expect(gunzipSync(zipped.bytes).toString()).toBe(plain.text);
  const deflated = await send(server.port, { path, headers: { "Accept-Encoding": "deflate, gzip;q=0.5" }, body });
  expect(deflated.headers["content-encoding"]).toBe("deflate");
  expect(inflateSync(deflated.bytes).toString()).toBe(plain.text);
  const small = await send(server.port, { path, headers: { "Accept-Encoding": "gzip" }, body: goodBody });
  expect(small.headers["content-encoding"]).toBeUndefined();
});

test("a compressed binary response: its header counts the decompressed bytes", async () => {
  await using server = await serve([doubling()]);
  const body = { inputs: [{ name: "x", shape: [1000, 2], datatype: "FP32", data: Array(2000).fill(1) }], parameters: { binary_data_output: true } };
  const response = await send(server.port, { path, headers: { "Accept-Encoding": "gzip" }, body });
  const bytes = gunzipSync(response.bytes);
  const headerLength = Number(response.headers["inference-header-content-length"]);
  expect(bytes.length).toBe(headerLength + 8000);
  expect(JSON.parse(bytes.subarray(0, headerLength).toString())).toMatchObject({ model_name: "double" });
});

test("compression can be switched off", async () => {
  await using server = await serve([doubling()], { compressResponses: false });
  const body = { inputs: [{ name: "x", shape: [1000, 2], datatype: "FP32", data: Array(2000).fill(1) }] };
  const response = await send(server.port, { path, headers: { "Accept-Encoding": "gzip" }, body });
  expect(response.headers["content-encoding"]).toBeUndefined();
});

test("the runner is called with the time-out, the request's id and shared results", async () => {
  const model = doubling();
  await using server = await serve([model], { callTimeoutMs: 1234 });
  const response = await send(server.port, { path, headers: { "X-Request-Id": "trace-9" }, body: goodBody });
  expect(response.headers["x-request-id"]).toBe("trace-9");
  await send(server.port, { path, body: goodBody });
  const [first, second] = model.runner.calls.map(({ options }) => options);
  expect(first).toMatchObject({ timeoutMs: 1234, requestId: "trace-9", shareResults: true });
  expect(second?.requestId).toBeUndefined();
  expect(second?.signal).toBeInstanceOf(AbortSignal);
});

test("a trace, and the parameters priority and timeout, reach the runner", async () => {
  const model = doubling();
  await using server = await serve([model], { callTimeoutMs: 1234 });
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  await send(server.port, { path, headers: { traceparent, tracestate: "vendor=1" }, body: { ...goodBody, parameters: { priority: 1, timeout: 200_500 } } });
  await send(server.port, { path, headers: { traceparent: "00-nonsense" }, body: { ...goodBody, parameters: { priority: "3", timeout: 9e9 } } });
  await send(server.port, { path, body: { ...goodBody, parameters: { priority: 2, timeout: 0 } } });
  await send(server.port, { path, body: goodBody });
  expect(model.runner.calls.map(({ options: { priority, timeoutMs, traceContext } }) => ({ priority, timeoutMs, traceContext }))).toEqual([
    { priority: "high", timeoutMs: 200.5, traceContext: { traceparent, tracestate: "vendor=1" } },
    { priority: "low", timeoutMs: 1234, traceContext: undefined },
    { priority: "normal", timeoutMs: 1234, traceContext: undefined },
    { priority: undefined, timeoutMs: 1234, traceContext: undefined },
  ]);
});

test.each([
  [{ priority: -1 }, 'the parameter "priority" must be a whole number of 0 or more, it is the number -1'],
  [{ priority: "first" }, 'the parameter "priority" must be a whole number of 0 or more, it is the string "first"'],
  [{ timeout: 0.5 }, 'the parameter "timeout" must be a whole number of 0 or more, it is the number 0.5'],
])("the parameters %j are refused", async (parameters, error) => {
  await using server = await serve([doubling()]);
  const response = await send(server.port, { path, body: { ...goodBody, parameters } });
  expect([response.status, response.json()]).toEqual([400, { error }]);
});

test("a result is written before the turn ends in which it arrives", async () => {
  const shared = new Float32Array(2);
  const model = fakeModel("double", doubling().inputs, doubling().outputs, () => {
    shared.fill(7);
    // What a runner does that shares its results: the memory is used again in the next turn.
    setImmediate(() => shared.fill(0));
    return new NdArray("float32", [1, 2], shared);
  });
  await using server = await serve([model]);
  const asJson = await send(server.port, { path, body: goodBody });
  expect(asJson.json()).toMatchObject({ outputs: [{ data: [7, 7] }] });
  const asBinary = await send(server.port, { path, headers: { "Accept-Encoding": "gzip" }, body: { ...goodBody, parameters: { binary_data_output: true } } });
  expect(asBinary.bytes.readFloatLE(asBinary.bytes.length - 4)).toBe(7);
});

test("zero-sized and scalar tensors", async () => {
  const model = fakeModel("any", [{ name: "x", dtype: "int8", shape: [] }], [{ name: "y", dtype: "int8", shape: [] }], ({ x }) => x);
  const rows = doubling();
  await using server = await serve([model, rows]);
  const scalar = await send(server.port, { path: "/v2/models/any/infer", body: { inputs: [{ name: "x", shape: [], datatype: "INT8", data: [5] }] } });
  expect(scalar.json()).toMatchObject({ outputs: [{ shape: [], data: [5] }] });
  const empty = await send(server.port, { path, body: { inputs: [{ name: "x", shape: [0, 2], datatype: "FP32", data: [] }] } });
  expect(empty.json()).toMatchObject({ outputs: [{ shape: [0, 2], data: [] }] });
});
