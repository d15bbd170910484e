import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send, type TestRequest } from "../testing/http-client.js";
import { addSub, doubling, goodBody, serve, type TestServer } from "../testing/served-fixtures.js";

let server: TestServer;

beforeAll(async () => {
  const repository = { list: async () => [], open: async () => doubling("other") };
  server = await serve([doubling(), addSub()], { repository, ownsRunners: true, maxBodyBytes: 100_000 });
});

afterAll(() => server[Symbol.asyncDispose]());

const posts = ["/v2/models/double/infer", "/v2/models/add_sub/infer", "/v2/models/double/generate", "/v2/models/add_sub/generate_stream", "/v2/repository/index", "/v2/repository/models/other/load"];

/** Values that a real request has in its place, so that checks further in are reached as well. */
const piece = fc.oneof(fc.constantFrom<unknown>("x", "y", "FP32", "BYTES", "INT32", [1, 2], [[1, 2]], [0], [-1], 0, -1, 2 ** 53, null, true, {}, []), fc.jsonValue());
const input = fc.record({ name: piece, shape: piece, datatype: piece, data: piece, parameters: piece }, { requiredKeys: [] });
const body = fc.oneof(
  fc.jsonValue(),
  fc.record({ id: piece, inputs: fc.oneof(piece, fc.array(fc.oneof(piece, input), { maxLength: 3 })), outputs: piece, parameters: piece, x: piece, a: piece, ready: piece }, { requiredKeys: [] }),
);
const headers = fc.record(
  {
    "Inference-Header-Content-Length": fc.constantFrom("0", "1", "5", "-1", "1e3", "99999999999999999999", "abc", ""),
    "Content-Encoding": fc.constantFrom("gzip", "deflate", "br", "identity", "", "gzip, gzip"),
    "Accept-Encoding": fc.constantFrom("gzip", "*", "gzip;q=9", ";;"),
    "Content-Type": fc.constantFrom("text/plain", "application/json", "x"),
  },
  { requiredKeys: [] },
);

test("whatever a client sends, the fault is never the server's", async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...posts), body, headers, async (path, sent, more) => {
      const request: TestRequest = { path, body: JSON.stringify(sent), headers: more };
      const { status, text } = await send(server.port, request);
      expect(status, text).toBeLessThan(500);
      if (status >= 400) expect(Object.keys(JSON.parse(text) as object)).toEqual(["error"]);
    }),
    { numRuns: 400 },
  );
  expect((await send(server.port, { path: posts[0] as string, body: goodBody })).status).toBe(200);
}, 60_000);

test.each([...posts, "/v2/nowhere"])("bytes that are no JSON are refused at %s", async (path) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const { status } = await send(server.port, { path, body: Buffer.from(bytes) });
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 40 },
  );
}, 60_000);

test.each([
  ["data", `{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":${"[".repeat(20_000)}${"]".repeat(20_000)}}]}`],
  ["an object", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
  ["x", `{"x":${"[".repeat(20_000)}1${"]".repeat(20_000)}}`],
])("%s nested deeply is refused, and costs nobody else anything", async (_what, deep) => {
  for (const path of posts.slice(0, 5)) expect((await send(server.port, { path, body: deep })).status).toBeLessThan(500);
  expect((await send(server.port, { path: posts[0] as string, body: goodBody })).status).toBe(200);
});
