import { NdArray } from "bentoml-core";
import { describe, expect, test, vi } from "vitest";
import { reader, serveService, serviceOf, writer } from "../testing/served-service.js";
import { io } from "./io.js";

const json = { "Content-Type": "application/json" };
const binary = { "Content-Type": "application/octet-stream" };
const facts = ({ dtype, shape, data }: NdArray): unknown => [dtype, shape, Array.from(data as ArrayLike<unknown>, String)];

describe("reading", () => {
  test.each([
    ["numbers are float32", {}, "[[1,2.5]]", ["float32", [1, 2], ["1", "2.5"]]],
    ["a dtype", { dtype: "int32" }, "[1,2]", ["int32", [2], ["1", "2"]]],
    ["bools", {}, "[true,false]", ["bool", [2], ["1", "0"]]],
    ["strings", { dtype: "string", shape: [-1, 1] }, '[["a"],["b"]]', ["string", [2, 1], ["a", "b"]]],
    ["a scalar", {}, "3", ["float32", [], ["3"]]],
    ["no rows", { shape: [-1] }, "[]", ["float32", [0], []]],
    ["all digits of 64-bit integers", { dtype: "int64" }, "[[9007199254740993,-9223372036854775808]]", ["int64", [1, 2], ["9007199254740993", "-9223372036854775808"]]],
    ["a dtype that is not enforced takes the nearest value", { dtype: "int8", enforceDtype: false }, "[1.6,300]", ["int8", [2], ["2", "127"]]],
    ["a shape that is not enforced is made where it can be", { shape: [2, -1], enforceShape: false }, "[1,2,3,4]", ["float32", [2, 2], ["1", "2", "3", "4"]]],
    ["or is left as it is", { shape: [2, -1], enforceShape: false }, "[1,2,3]", ["float32", [3], ["1", "2", "3"]]],
  ] as const)("%s", async (_what, options, body, expected) => {
    await using server = await serveService(reader(io.ndarray(options), facts));
    expect((await server.post("/call", { headers: json, body })).json()).toEqual(expected);
  });

  test.each([
    ["not JSON", {}, "[1,", /^the body is not JSON: /],
    ["nothing", {}, "", /^the body is empty/],
    ["ragged lists, which the original answers with 500", {}, "[[1],[2,3]]", /ragged: value\[1\]/],
    ["a fraction for an integer", { dtype: "int32" }, "[1.5]", /value\[0\] is 1.5, but int32 takes integers/],
    ["a string for a number", { dtype: "float32", enforceDtype: false }, '["a"]', /value\[0\] is "a"/],
    ["a number that is too large", { dtype: "float32" }, "[1e39]", /value\[0\] is 1e\+39/],
    ["an integer beyond 64 bits", { dtype: "int64" }, "[9223372036854775808]", /int64 takes integers/],
    ["digits as text", { dtype: "int64" }, '["9007199254740993"]', /value\[0\] is "9007199254740993"/],
    ["another shape", { shape: [-1, 4] }, "[[1,2]]", /must have the shape \[-1, 4\] \(-1 is any\), it has \[1, 2\]/],
    ["an object", {}, "{}", /an object/],
  ] as const)("%s is 400", async (_what, options, body, message) => {
    await using server = await serveService(reader(io.ndarray(options), facts));
    const response = await server.post("/call", { headers: json, body });
    expect([response.status, response.json()]).toEqual([400, { error: expect.stringMatching(message) as string }]);
  });

  test("bytes are what Payload-Meta or the descriptor says", async () => {
    const bytes = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer);
    await using server = await serveService(reader(io.ndarray({ dtype: "float32", shape: [-1, 2] }), facts));
    const expected = ["float32", [2, 2], ["1", "2", "3", "4"]];
    expect((await server.post("/call", { headers: binary, body: bytes })).json()).toEqual(expected);
    const meta = { ...binary, "Payload-Meta": '{"dtype":"float32","shape":[2,2]}' };
    expect((await server.post("/call", { headers: meta, body: bytes })).json()).toEqual(expected);
    for (const [headers, body, message] of [
      [binary, bytes.subarray(1), /does not tell a shape/],
      [{ ...binary, "Payload-Meta": '{"dtype":"float32","shape":[3,2]}' }, bytes, /asks for 24 bytes, it has 16/],
      [{ ...binary, "Payload-Meta": '{"dtype":"int32","shape":[2,2]}' }, bytes, /must be float32, it is int32/],
      [{ ...binary, "Payload-Meta": "{" }, bytes, /Payload-Meta must be as/],
      [{ ...binary, "Payload-Meta": '{"dtype":"float32","shape":[9007199254740991,0]}' }, Buffer.alloc(0), /at most 32 dims/],
      [{ ...binary, "Payload-Meta": JSON.stringify({ dtype: "float32", shape: new Array(3000).fill(1) }) }, bytes.subarray(0, 4), /at most 32 dims/],
      [{ ...binary, "Payload-Meta": '{"dtype":"float32","shape":[-1]}' }, bytes, /Payload-Meta must be as/],
    ] as const) {
      const response = await server.post("/call", { headers, body });
      expect([response.status, response.json()]).toEqual([400, { error: expect.stringMatching(message) as string }]);
    }
  });

  test("bytes of an open shape need Payload-Meta", async () => {
    await using server = await serveService(reader(io.ndarray(), facts));
    expect((await server.post("/call", { headers: binary, body: Buffer.alloc(4) })).json()).toEqual({ error: expect.stringMatching(/Payload-Meta must tell/) as string });
  });
});

describe("writing", () => {
  test.each([
    [NdArray.from([[1, 2.5]]), "[[1,2.5]]"],
    [NdArray.from([[true], [false]]), "[[true],[false]]"],
    [NdArray.from([['a"', "é"]]), '[["a\\"","é"]]'],
    [NdArray.from([9007199254740993n]), "[9007199254740993]"],
    [NdArray.from([1.5], "float16"), "[1.5]"],
    [NdArray.zeros("float32", [2, 0]), "[[],[]]"],
    [NdArray.from(3), "3"],
  ])("%s as nested lists", async (array, expected) => {
    await using server = await serveService(writer(io.ndarray(), array));
    expect((await server.post("/call", { body: "x" })).text).toBe(expected);
  });

  test("clients that ask for bytes get them, with what they are", async () => {
    await using server = await serveService(serviceOf(io.ndarray(), io.ndarray(), (array) => array));
    const headers = { ...json, Accept: "application/octet-stream" };
    const response = await server.post("/call", { headers, body: "[[1,2]]" });
    expect([response.headers["content-type"], response.headers["payload-meta"]]).toEqual(["application/octet-stream", '{"dtype":"float32","shape":[1,2]}']);
    expect([...new Float32Array(new Uint8Array(response.bytes).buffer)]).toEqual([1, 2]);
    expect((await server.post("/call", { headers: { ...json, Accept: "*/*" }, body: "[1]" })).text).toBe("[1]");
    expect((await server.post("/call", { headers: { ...json, Accept: "application/octet-stream;q=0.5, application/json" }, body: "[1]" })).text).toBe("[1]");
  });

  test("NaN, which JSON has not, and an array that does not fit are the API's fault", async () => {
    const reported = vi.fn();
    for (const array of [NdArray.from([1, NaN]), NdArray.from([[1]])]) {
      await using server = await serveService(writer(io.ndarray({ shape: [2] }), array), { onUnexpectedError: reported });
      expect((await server.post("/call", { body: "x" })).status).toBe(500);
    }
    expect(reported.mock.calls.map(([error]) => (error as Error).message)).toEqual([expect.stringContaining("element 1 of the answer is NaN"), expect.stringContaining("must have the shape [2]")]);
  });
});

test("what is no dtype or shape is refused when the descriptor is made", () => {
  expect(() => io.ndarray({ dtype: "float" as never })).toThrow('there is no dtype "float"');
  expect(() => io.ndarray({ shape: [1.5] })).toThrow("the shape [1.5]");
});
