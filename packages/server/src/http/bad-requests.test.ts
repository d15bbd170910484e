import { gzipSync } from "node:zlib";
import { BentoMLError, DeadlineExceededError, NdArray, ServiceUnavailableError } from "bentoml-core";
import { expect, test } from "vitest";
import { fakeModel } from "../testing/fake-runner.js";
import { binaryRequest, send, type TestRequest } from "../testing/http-client.js";
import { doubling, goodBody, serve } from "../testing/served-fixtures.js";

const path = "/v2/models/double/infer";
const input = { name: "x", shape: [1, 2], datatype: "FP32", data: [1, 2] };
const binaryInput = { name: "x", shape: [1, 2], datatype: "FP32", parameters: { binary_data_size: 8 } };

const refused: [string, TestRequest, number, RegExp][] = [
  ["malformed JSON", { path, body: "{bad" }, 400, /not valid JSON/],
  ["an empty body", { path, method: "POST" }, 400, /no body/],
  ["an empty body with a length", { path, body: "" }, 400, /no body/],
  ["a missing input", { path, body: { inputs: [{ ...input, name: "q" }] } }, 400, /input "x" is missing/],
  ["an extra input", { path, body: { inputs: [input, { ...input, name: "q" }] } }, 400, /no input "q"/],
  ["an input given twice", { path, body: { inputs: [input, input] } }, 400, /input "x" is given twice/],
  ["a wrong dtype", { path, body: { inputs: [{ ...input, datatype: "INT32" }] } }, 400, /input "x": the model takes FP32, "datatype" is INT32/],
  ["an unknown datatype", { path, body: { inputs: [{ ...input, datatype: "FLOAT" }] } }, 400, /input "x": "datatype"/],
  ["a wrong shape", { path, body: { inputs: [{ ...input, shape: [2, 1] }] } }, 400, /input "x" must have shape/],
  ["a wrong rank", { path, body: { inputs: [{ ...input, shape: [2] }] } }, 400, /input "x" must have shape/],
  ["a string for a number", { path, body: { inputs: [{ ...input, data: [1, "2"] }] } }, 400, /input "x": element 1/],
  ["an unknown output", { path, body: { inputs: [input], outputs: [{ name: "q" }] } }, 400, /no output "q"/],
  ["a declared gigabyte", { path, body: { inputs: [{ ...input, shape: [134217728, 2] }] } }, 400, /asks for 268435456 elements/],
  ["a declared gigabyte, nested", { path, body: { inputs: [{ ...input, shape: [1, 268435456], data: [[1]] }] } }, 400, /asks for 268435456 entries/],
  ["a truncated tensor", binaryRequest(path, { inputs: [binaryInput] }, new Uint8Array(7)), 400, /input "x": "binary_data_size" is 8/],
  ["a tensor too much", binaryRequest(path, { inputs: [binaryInput] }, new Uint8Array(9)), 400, /1 bytes more/],
  ["a header length beyond the body", { path, headers: { "Inference-Header-Content-Length": 9999 }, body: goodBody }, 400, /Inference-Header-Content-Length must be/],
  ["a negative header length", { path, headers: { "Inference-Header-Content-Length": -3 }, body: goodBody }, 400, /it is "-3"/],
  ["a header length that is no number", { path, headers: { "Inference-Header-Content-Length": "abc" }, body: goodBody }, 400, /it is "abc"/],
  ["bytes that are not gzip", { path, headers: { "Content-Encoding": "gzip" }, body: "garbage" }, 400, /not valid gzip/],
  ["bytes that are not deflate", { path, headers: { "Content-Encoding": "deflate" }, body: "garbage" }, 400, /not valid deflate/],
  ["a coding that we do not read", { path, headers: { "Content-Encoding": "br" }, body: goodBody }, 415, /use gzip or deflate/],
  ["a body over the limit", { path, body: "x".repeat(20_001) }, 413, /larger than the 20000 bytes/],
  ["a chunked body over the limit", { path, headers: { "Transfer-Encoding": "chunked" }, body: "x".repeat(200_000) }, 413, /larger than the 20000/],
  ["a body that grows over the limit", { path, headers: { "Content-Encoding": "gzip" }, body: gzipSync(Buffer.alloc(2_000_000)) }, 413, /larger than the 20000/],
  ["an unknown model", { path: "/v2/models/nope/infer", body: goodBody }, 404, /no model "nope".*double/],
  ["an unknown version", { path: "/v2/models/double/versions/9/infer", body: goodBody }, 404, /no version "9".*v1/],
  ["a name that is wrongly escaped", { path: "/v2/models/%zz/infer", body: goodBody }, 400, /percent-encoded/],
];

test("each bad request is refused in the same form, and the server goes on serving", async () => {
  const model = doubling();
  await using server = await serve([model], { maxBodyBytes: 20_000 });
  for (const [what, request, status, message] of refused) {
    const response = await send(server.port, request);
    expect([what, response.status]).toEqual([what, status]);
    expect(response.headers["content-type"], what).toBe("application/json");
    expect(Object.keys(response.json()), what).toEqual(["error"]);
    expect(response.json()["error"], what).toMatch(message);
    expect((await send(server.port, { path, body: goodBody })).status, `after ${what}`).toBe(200);
  }
});

const failures: [string, Error, number, string | undefined, RegExp][] = [
  ["a busy runner", new ServiceUnavailableError("the queue is full", { retryAfterMs: 2400 }), 503, "3", /the queue is full/],
  ["a busy runner that does not know until when", new ServiceUnavailableError("full"), 503, "1", /full/],
  ["a deadline", new DeadlineExceededError("too late"), 504, undefined, /too late/],
  ["an error of ours", new BentoMLError("the model broke"), 500, undefined, /the model broke/],
  ["an error with an impossible status", new BentoMLError("odd", { httpStatus: 200 }), 500, undefined, /odd/],
];

test.each(failures)("%s is answered with its status", async (_what, error, status, retryAfter, message) => {
  const failing = fakeModel("fails", doubling().inputs, doubling().outputs, () => Promise.reject(error));
  await using server = await serve([failing]);
  const answer = await send(server.port, { path: "/v2/models/fails/infer", body: goodBody });
  expect(answer.status).toBe(status);
  expect(answer.headers["retry-after"]).toBe(retryAfter);
  expect(answer.json()["error"]).toMatch(message);
});

test("an unexpected error tells the client nothing but its id, and the listener everything", async () => {
  const secret = new Error("password in /etc/secret");
  const failing = fakeModel("fails", doubling().inputs, doubling().outputs, () => Promise.reject(secret));
  const seen: unknown[] = [];
  await using server = await serve([failing], {
    onUnexpectedError: (error, context) => {
      seen.push(error, context);
      throw new Error("listeners may throw");
    },
  });
  const warnings: Error[] = [];
  const collect = (warning: Error): void => void warnings.push(warning);
  process.on("warning", collect);
  try {
    const answer = await send(server.port, { path: "/v2/models/fails/infer", body: goodBody });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/secret|password|at /);
    expect(seen).toEqual([secret, { endpoint: "/v2/models/{model}/infer", requestId: answer.headers["x-request-id"] }]);
    await expect.poll(() => warnings.map(({ name }) => name)).toEqual(["BentoMLServerError", "BentoMLServerError"]);
  } finally {
    process.off("warning", collect);
  }
});

test("NaN as JSON is 400 and says how to ask instead", async () => {
  const model = fakeModel("nan", doubling().inputs, doubling().outputs, () => new NdArray("float32", [1], new Float32Array([NaN])));
  await using server = await serve([model]);
  const answer = await send(server.port, { path: "/v2/models/nan/infer", body: goodBody });
  expect(answer.status).toBe(400);
  expect(answer.json()["error"]).toMatch(/output "y" has NaN at element 0.*"binary_data": true/);
  const binary = await send(server.port, { path: "/v2/models/nan/infer", body: { ...goodBody, parameters: { binary_data_output: true } } });
  expect(binary.status).toBe(200);
});

test("what decompression makes counts as memory too", async () => {
  await using server = await serve([doubling()], { maxBufferedBytes: 100_000 });
  const bomb = { path, headers: { "Content-Encoding": "gzip" }, body: gzipSync(Buffer.alloc(50_000_000, " ")) };
  const answers = await Promise.all(Array.from({ length: 5 }, () => send(server.port, bomb)));
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
  const fitting = { path, headers: { "Content-Encoding": "gzip" }, body: gzipSync(JSON.stringify(goodBody).padEnd(60_000)) };
  for (let round = 0; round < 5; round++) expect((await send(server.port, fitting)).status).toBe(200);
});

test("bodies in memory are bounded: 503 beyond it, and the memory comes back", async () => {
  await using server = await serve([doubling()], { maxBufferedBytes: 1000 });
  const large = await send(server.port, { path, body: " ".repeat(1001) });
  expect(large.status).toBe(503);
  expect(large.headers["retry-after"]).toBe("1");
  for (let round = 0; round < 30; round++) expect((await send(server.port, { path, body: goodBody })).status).toBe(200);
});
