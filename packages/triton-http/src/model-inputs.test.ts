import { kwargs, NdArray, Params } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { InferInput } from "./infer-input.js";
import { inputsOf, type ModelInput } from "./model-inputs.js";

const x: ModelInput = { name: "x", datatype: "FP32", shape: [-1, 2], isOptional: false };
const names: ModelInput = { name: "names", datatype: "BYTES", shape: [-1], isOptional: true };

function given(...args: readonly unknown[]): unknown {
  return inputsOf(Params.of(...args), [x, names], "m").map((input) => [input.name, input.datatype, input.shape, [...input.raw]]);
}

const row = ["x", "FP32", [1, 2], [0, 0, 128, 63, 0, 0, 0, 64]];
const text = ["names", "BYTES", [1], [1, 0, 0, 0, 97]];

describe("the inputs of a model", () => {
  test.each<[string, readonly unknown[]]>([
    ["arrays by place", [NdArray.from([[1, 2]]), NdArray.from(["a"], "string")]],
    ["plain values by place", [[[1, 2]], ["a"]]],
    ["a typed array, which takes the only shape that fits", [Float32Array.of(1, 2), ["a"]]],
    ["an array that casts without loss", [NdArray.from([[1, 2]], "uint8"), ["a"]]],
    ["an object that gives an array", [Object.assign(Object.create({ toNdArray: () => NdArray.from([[1, 2]]) }), {}), ["a"]]],
    ["an InferInput", [InferInput.of("x", NdArray.from([[1, 2]])), ["a"]]],
    ["keywords in any order", [kwargs({ names: ["a"], x: [[1, 2]] })]],
    ["a record", [{ names: ["a"], x: [[1, 2]] }]],
  ])("come from %s", (_name, args) => {
    expect(given(...args)).toEqual([row, text]);
  });

  test("may be left out where the model says so", () => {
    expect(given([[1, 2]])).toEqual([row]);
    expect(given(kwargs({ x: [[1, 2]], names: undefined }))).toEqual([row]);
  });

  test.each<[string, readonly unknown[], string]>([
    ["by place and by name", [[[1, 2]], kwargs({ names: ["a"] })], 'Model "m" was given 1 inputs by place and 1 by name: give all of them in one way.'],
    ["too many", [1, 2, 3], 'Model "m" has 2 inputs ("x", "names"), but 3 were given.'],
    ["none", [], 'The inputs of model "m" are "x", "names"; missing: "x".'],
    ["a name that there is not", [{ x: [[1, 2]], y: 1 }], 'unknown: "y".'],
    ["a shape that does not fit", [[[1, 2, 3]]], 'Input "x" wants FP32 [-1, 2] (-1: any size), but was given FP32 [1, 3].'],
    ["a rank that does not fit", [[1, 2]], 'Input "x" wants FP32 [-1, 2] (-1: any size), but was given FP32 [2].'],
    ["values that would change", [NdArray.from([[0.1, 2]], "float64")], 'Input "x" wants FP32 [-1, 2]:'],
    ["text for numbers", [[["a", "b"]]], 'Input "x" wants FP32 [-1, 2]:'],
    ["an InferInput of another name", [InferInput.of("z", NdArray.from([[1, 2]]))], 'but was given the InferInput "z", FP32 [1, 2].'],
    ["what has no array in it", [new Date(0)], '(input "x", FP32)'],
  ])("are refused: %s", (_name, args, message) => {
    expect(() => given(...args)).toThrow(message);
  });
});
