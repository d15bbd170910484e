import { InvalidArgumentError, InvalidModelError, kwargs, NdArray, Params, type ModelSignature, type NamedTensors, type TensorSpec } from "bentoml-core";
import { beforeAll, describe, expect, test } from "vitest";
import { prepare } from "./prepare.js";
import { tf, useCpu } from "./testing/models.js";

beforeAll(useCpu);

const x: TensorSpec = { name: "x", dtype: "float32", shape: ["batch", 2] };
const y: TensorSpec = { name: "y", dtype: "int32", shape: ["batch"] };
const ids: TensorSpec = { name: "ids", dtype: "int64", shape: ["batch", -1] };
const image: TensorSpec = { name: "image", dtype: "uint8", shape: ["batch", 2, 2, 3] };
const model = { tag: { toString: () => "m:1" } } as never;

function prepared(inputSpec: readonly TensorSpec[], ...args: readonly unknown[]): NamedTensors {
  const signature: ModelSignature = { batchable: true, batchDim: [0, 0], inputSpec };
  const { args: results, size } = prepare(Params.of(...args), signature, "run", model);
  expect(size).toBe(1);
  return results[0] as NamedTensors;
}

const rows = NdArray.from([[1, 2], [3, 4]], "float32");
const numbers = NdArray.from([5, 6], "int32");

describe("arguments become one record, whatever they are", () => {
  test.each<readonly [string, readonly unknown[]]>([
    ["by place", [rows, numbers]],
    ["by name", [{ y: numbers, x: rows }]],
    ["by keywords", [kwargs({ y: numbers, x: rows })]],
    ["by place and keyword", [rows, kwargs({ y: numbers })]],
    ["as nested lists", [[[1, 2], [3, 4]], [5, 6]]],
    ["as typed arrays", [Float32Array.of(1, 2, 3, 4), Int32Array.of(5, 6)]],
    ["of another dtype that loses nothing", [NdArray.from([[1, 2], [3, 4]], "float64"), NdArray.from([5, 6], "uint8")]],
    ["as objects with toNdArray", [{ toNdArray: () => rows }, numbers]],
  ])("%s", (_how, args) => {
    const record = prepared([x, y], ...args);
    expect(record).toEqual({ x: rows, y: numbers });
    expect(Object.keys(record)).toEqual(["x", "y"]);
  });

  test("as tensors, which stay their owner's", () => {
    const tensor = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    const before = tf.memory().numTensors;
    expect(prepared([x], tensor)).toEqual({ x: rows });
    expect(prepared([x], { x: tensor })).toEqual({ x: rows });
    expect([tf.memory().numTensors, tensor.isDisposed]).toEqual([before, false]);
    tensor.dispose();
    expect(() => prepared([x], tensor)).toThrow(/"x".*disposed/);
  });

  test("64-bit integers travel as 32-bit ones, bytes as bytes", () => {
    expect(prepared([ids], [[1n, 2n]])["ids"]).toEqual(NdArray.from([[1, 2]], "int32"));
    expect(prepared([ids], NdArray.from([[7n]]))["ids"]).toEqual(NdArray.from([[7]], "int32"));
    expect(prepared([image], new Uint8Array(24))["image"]).toMatchObject({ dtype: "uint8", shape: [2, 2, 2, 3] });
  });

  test("what is prepared already stays as it is", () => {
    const record = prepared([x, ids], rows, [[1n], [2n]]);
    const again = prepared([x, ids], record);
    expect(again).toEqual(record);
    expect(again["x"]).toBe(record["x"]);
  });
});

describe("what does not fit is refused by name", () => {
  test.each<readonly [string, readonly TensorSpec[], readonly unknown[], RegExp]>([
    ["a missing input", [x, y], [rows], /inputs of the model are "x", "y"; missing: "y"/],
    ["an unknown input", [x], [{ x: rows, z: rows }], /unknown: "z"/],
    ["too many arguments", [x], [rows, rows], /2 arguments were given, but the model has 1 inputs: "x"/],
    ["an input given twice", [x], [rows, kwargs({ x: rows })], /"x" was given twice/],
    ["text for numbers", [x], [[["a", "b"]]], /^Input "x" wants float32 \[batch, 2\]: /],
    ["a cast that would change a value", [y], [NdArray.from([0.5], "float32")], /^Input "y" wants int32 \[batch\]: .*0\.5/],
    ["an integer that is too large", [ids], [[[2n ** 40n]]], /^Input "ids" wants int64 \[batch, \?\] from 0 to 2147483647 /],
    ["a negative integer of 64 bits", [ids], [[[3n, -1n]]], /^Input "ids" wants int64 .* from 0 to 2147483647 .*element 1 is -1/],
    ["a wrong size", [x], [NdArray.zeros("float32", [1, 3])], /"x" wants shape \[batch, 2\] and was given \[1, 3\]: dim 1 must be 2, not 3/],
    ["a missing batch dim", [x], [NdArray.zeros("float32", [2])], /add a batch dimension: shape \[1, 2\]/],
    ["a wrong rank", [x], [NdArray.zeros("float32", [1, 1, 2])], /must have 2 dims, not 3/],
    ["batches that differ", [x, y], [rows, [1]], /"y" wants shape \[batch\] and was given \[1\]: dim 0 is "batch", which is 2 in input "x"/],
    ["a typed array that does not fill it", [x], [new Float32Array(3)], /3 elements does not fill it: it takes a multiple of 2/],
    ["a typed array with two open sizes", [ids], [new Int32Array(4)], /does not say its shape/],
    ["null", [x], [null], /"x".*null cannot become an array/],
    ["a function", [x], [() => 1], /"x".*type function/],
  ])("%s", (_what, specs, args, message) => {
    expect(() => prepared(specs, ...args)).toThrow(InvalidArgumentError);
    expect(() => prepared(specs, ...args)).toThrow(message);
  });

  test("a model without specs", () => {
    expect(() => prepare(Params.of(rows), { batchable: false, batchDim: [0, 0] }, "run", model)).toThrow(InvalidModelError);
  });
});
