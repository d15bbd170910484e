import { isBentoMLError, NdArray, type TensorSpec } from "bentoml-core";
import { expect, test } from "vitest";
import { InferResponseWriter, type InferResponse } from "./infer-response.js";
import { readRequestedOutputs } from "./requested-outputs.js";

const y: TensorSpec = { name: "y", dtype: "float32", shape: [-1] };
const z: TensorSpec = { name: "z", dtype: "int64", shape: [-1] };
const floats = new NdArray("float32", [2], new Float32Array([0.5, 2]));
const integers = new NdArray("int64", [1, 2], new BigInt64Array([-1n, 9223372036854775807n]));
const all = readRequestedOutputs(undefined, undefined);
const allBinary = readRequestedOutputs(undefined, { binary_data_output: true });

function text(response: InferResponse): string {
  return typeof response.body === "string" ? response.body : response.body.toString("latin1");
}

test("one output, exactly", () => {
  const response = new InferResponseWriter("digits", "v1", [y]).write(floats, undefined, all);
  expect(text(response)).toBe('{"model_name":"digits","model_version":"v1","outputs":[{"name":"y","datatype":"FP32","shape":[2],"data":[0.5,2]}]}');
  expect(response.length).toBe(text(response).length);
  expect(response.headerLength).toBeUndefined();
});

test("the id comes back, and the length counts bytes", () => {
  const response = new InferResponseWriter("digits", "v1", [y]).write(floats, 'é"', all);
  expect(JSON.parse(text(response))).toMatchObject({ id: 'é"' });
  expect(response.length).toBe(Buffer.byteLength(text(response)));
});

test("names that are not ASCII count in bytes too", () => {
  const response = new InferResponseWriter("ziffern-é", "v1", [y]).write(floats, undefined, all);
  expect(response.length).toBe(Buffer.byteLength(text(response)));
  expect(response.encoding).toBe("utf8");
});

test("several outputs in the model's order, 64-bit integers in full", () => {
  const response = new InferResponseWriter("m", "1", [y, z]).write({ z: integers, y: floats }, undefined, all);
  expect(text(response)).toContain('"data":[-1,9223372036854775807]');
  expect((JSON.parse(text(response)) as { outputs: { name: string }[] }).outputs.map(({ name }) => name)).toEqual(["y", "z"]);
});

test("requested outputs only, in the order of the request, each in its form", () => {
  const wanted = readRequestedOutputs([{ name: "z", parameters: { binary_data: true } }, { name: "y" }], undefined);
  const response = new InferResponseWriter("m", "1", [y, z]).write({ y: floats, z: integers }, undefined, wanted);
  const body = response.body as Buffer;
  const json = JSON.parse(body.subarray(0, response.headerLength).toString()) as { outputs: object[] };
  expect(json.outputs).toEqual([
    { name: "z", datatype: "INT64", shape: [1, 2], parameters: { binary_data_size: 16 } },
    { name: "y", datatype: "FP32", shape: [2], data: [0.5, 2] },
  ]);
  expect(body.subarray(response.headerLength).toString("hex")).toBe("ffffffffffffffffffffffffffffff7f");
});

test("a binary body is a copy: the result's memory may be used again", () => {
  const array = new NdArray("float32", [2], new Float32Array([1, 2]));
  const response = new InferResponseWriter("m", "1", [y]).write(array, undefined, allBinary);
  array.data.fill(9);
  const bytes = (response.body as Buffer).subarray(response.headerLength);
  expect([bytes.readFloatLE(0), bytes.readFloatLE(4)]).toEqual([1, 2]);
});

test("the dtype of the result wins over the signature's", () => {
  const response = new InferResponseWriter("m", "1", [y]).write(new NdArray("float64", [1], new Float64Array([0.1])), undefined, all);
  expect(text(response)).toContain('"datatype":"FP64","shape":[1],"data":[0.1]');
});

test("a model without a signature answers with what it returns", () => {
  const writer = new InferResponseWriter("m", "1", []);
  expect(text(writer.write(floats, undefined, all))).toContain('"name":"output"');
  expect(text(writer.write({ a: floats, b: integers }, undefined, all))).toMatch(/"name":"a".*"name":"b"/);
  expect(() => writer.write({ a: floats }, undefined, readRequestedOutputs([{ name: "b" }], undefined))).toThrow(/no output "b", it returned "a"/);
});

test("booleans, strings, a scalar and nothing at all", () => {
  const write = (array: NdArray): unknown[] =>
    (JSON.parse(text(new InferResponseWriter("m", "1", [{ ...y, dtype: array.dtype }]).write(array, undefined, all))) as { outputs: unknown[] }).outputs;
  expect(write(new NdArray("bool", [2], new Uint8Array([1, 0])))).toMatchObject([{ datatype: "BOOL", data: [true, false] }]);
  expect(write(new NdArray("string", [2], ['"', "☃"]))).toMatchObject([{ datatype: "BYTES", data: ['"', "☃"] }]);
  expect(write(new NdArray("float32", [], new Float32Array([3])))).toMatchObject([{ shape: [], data: [3] }]);
  expect(write(new NdArray("float32", [0, 3], new Float32Array(0)))).toMatchObject([{ shape: [0, 3], data: [] }]);
});

test.each([NaN, Infinity, -Infinity])("%d has no JSON form: 400 that says to ask for binary", (value) => {
  const array = new NdArray("float32", [2], new Float32Array([1, value]));
  const writer = new InferResponseWriter("m", "1", [y]);
  let thrown: unknown;
  try {
    writer.write(array, undefined, all);
  } catch (error) {
    thrown = error;
  }
  expect(isBentoMLError(thrown) && thrown.httpStatus).toBe(400);
  expect((thrown as Error).message).toMatch(/output "y" has .* at element 1.*ask for binary data/);
  expect(writer.write(array, undefined, allBinary).headerLength).toBeGreaterThan(0);
});

test("FP16 as JSON is refused before the model runs; binary passes", () => {
  const writer = new InferResponseWriter("m", "1", [z, { ...y, dtype: "float16" }]);
  expect(() => writer.checkOutputs(all)).toThrow(/output "y" is FP16/);
  expect(() => writer.checkOutputs(allBinary)).not.toThrow();
  expect(() => writer.checkOutputs(readRequestedOutputs([{ name: "z" }], undefined))).not.toThrow();
  expect(() => writer.checkOutputs(readRequestedOutputs([{ name: "y" }], undefined))).toThrow(/FP16/);
});

test("an output that the model does not have is refused with those that it has", () => {
  const writer = new InferResponseWriter("m", "1", [y, z]);
  expect(() => writer.checkOutputs(readRequestedOutputs([{ name: "q" }], undefined))).toThrow(/no output "q", its outputs are "y", "z"/);
});

test.each([
  ["a number", 5, /returned number/],
  ["a record with something else in it", { y: [1] }, /"y" that is no NdArray/],
  ["a record that lacks an output", { y: floats }, /no output "z"/],
])("%s as a result is the server's fault", (_what, result, message) => {
  const write = (): unknown => new InferResponseWriter("m", "1", [y, z]).write(result, undefined, all);
  expect(write).toThrow(message);
  expect(write).toThrow(expect.objectContaining({ httpStatus: 500 }));
});
