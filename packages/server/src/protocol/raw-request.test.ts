import type { TensorSpec } from "bentoml-core";
import { expect, test } from "vitest";
import { parseRawRequest } from "./raw-request.js";

function spec(shape: TensorSpec["shape"], dtype: TensorSpec["dtype"] = "float32"): TensorSpec {
  return { name: "x", dtype, shape };
}

const floats = Buffer.from(Float32Array.from({ length: 6 }, (_, index) => index).buffer);

test.each<[string, TensorSpec["shape"], readonly number[]]>([
  ["a fixed shape", [2, 3], [2, 3]],
  ["an open batch", ["batch", 3], [2, 3]],
  ["an open batch of unknown name", [-1, 6], [1, 6]],
  ["an open batch and one more open dimension", ["batch", "length"], [1, 6]],
  ["an open dimension that is not the first", [2, -1], [2, 3]],
])("%s follows from the model and the length", (_what, shape, expected) => {
  const request = parseRawRequest(floats, [spec(shape)]);
  expect(request.inputs["x"]?.shape).toEqual(expected);
  expect(request.inputs["x"]?.data).toEqual(new Float32Array([0, 1, 2, 3, 4, 5]));
  expect(request.outputs).toEqual({ named: undefined, allBinary: true });
});

test("a BYTES body is one element without a length in front", () => {
  const request = parseRawRequest(Buffer.from("é!"), [spec([-1], "string")]);
  expect(request.inputs["x"]?.shape).toEqual([1]);
  expect(request.inputs["x"]?.data).toEqual(["é!"]);
});

test.each<[string, readonly TensorSpec[], RegExp]>([
  ["two inputs", [spec([6]), { ...spec([6]), name: "y" }], /this one has 2/],
  ["no known inputs", [], /no known inputs/],
  ["too many open dimensions", [spec([-1, "h", "w"])], /is open/],
  ["a fixed shape of another size", [spec([2, 2])], /asks for 16 bytes, it has 24/],
  ["a length that fills no whole rows", [spec([-1, 4])], /whole entries/],
])("%s is refused", (_what, inputs, message) => {
  expect(() => parseRawRequest(floats, inputs)).toThrow(message);
});

test("a body that ends within an element is refused", () => {
  expect(() => parseRawRequest(floats.subarray(0, 22), [spec([-1])])).toThrow(/whole entries/);
});
