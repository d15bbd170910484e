import { InvalidArgumentError, type TensorSpec } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { checkBatching, checkPadding, decideBatching } from "./batch-dimension.js";

function spec(name: string, shape: readonly (number | string)[]): TensorSpec {
  return { name, dtype: "float32", shape };
}

describe("decideBatching by default", () => {
  test.each([
    { input: ["batch", 3], output: ["batch", 2], batchable: true },
    { input: [-1, 3], output: [-1], batchable: true },
    { input: ["N", 3], output: [-1, 3], batchable: true },
    { input: ["unk__12", 3], output: ["unk__13", 3], batchable: true },
    { input: ["batch", 3], output: ["detections", 6], batchable: false },
    { input: [4, 3], output: [4, 3], batchable: false },
    { input: ["batch", 3], output: [1, 3], batchable: false },
    { input: [], output: [], batchable: false },
  ])("$input to $output: $batchable", ({ input, output, batchable }) => {
    const sides = { inputs: [spec("x", input)], outputs: [spec("y", output)] };
    expect(decideBatching({}, sides, "m")).toEqual({ batchable, batchDim: [0, 0] });
  });

  test("an input that is not per row", () => {
    const sides = { inputs: [spec("x", ["batch", 3]), spec("rate", [])], outputs: [spec("y", ["batch"])] };
    expect(decideBatching({}, sides, "m").batchable).toBe(false);
  });
});

describe("decideBatching on request", () => {
  const fixed = { inputs: [spec("x", [4, 3])], outputs: [spec("y", [4, 3])] };

  test("names the fixed dimension", () => {
    expect(() => decideBatching({ batchable: true }, fixed, "m")).toThrow(InvalidArgumentError);
    expect(() => decideBatching({ batchable: true }, fixed, "m")).toThrow(/dimension 0 of the input "x" \[4, 3\] is fixed to 4.*toRunner\(\{ padTo: 4 \}\)/);
  });

  test("takes batchable: false, and another dimension", () => {
    expect(decideBatching({ batchable: false }, fixed, "m").batchable).toBe(false);
    const sides = { inputs: [spec("x", [3, "batch"])], outputs: [spec("y", ["batch"])] };
    expect(decideBatching({ batchDim: [1, 0] }, sides, "m")).toEqual({ batchable: true, batchDim: [1, 0] });
    expect(() => decideBatching({ batchDim: 1 }, sides, "m")).toThrow(/dimension 1 of the output "y" \[batch\] does not exist/);
  });

  test("trusts the user where the names differ or the output's shape is unknown", () => {
    const sides = { inputs: [spec("x", ["a", 3])], outputs: [spec("y", ["b", 3]), spec("z", [])] };
    expect(decideBatching({ batchable: true }, sides, "m").batchable).toBe(true);
  });

  test.each([-1, 0.5, "0", [0], [0, -1]])("refuses the dimension %j", (batchDim) => {
    const sides = { inputs: [], outputs: [] };
    expect(() => decideBatching({ batchDim: batchDim as number }, sides, "m")).toThrow(/batchDim is/);
  });
});

test("checkBatching lets a model that does not batch have any shape", () => {
  const sides = { inputs: [spec("x", [4])], outputs: [] };
  expect(() => checkBatching({ batchable: false, batchDim: [0, 0] }, sides, "m")).not.toThrow();
  expect(() => checkBatching({ batchable: true, batchDim: [0, 0] }, sides, "m")).toThrow(/fixed to 4/);
});

describe("checkPadding", () => {
  const check = (input: readonly (number | string)[], output: readonly (number | string)[], rows = 4) => () =>
    checkPadding(rows, [0, 0], { inputs: [spec("x", input), spec("z", ["batch", 2])], outputs: [spec("y", output)] }, "m");

  test.each([
    [[4, 3], [4]],
    [[4, 3], ["batch"]],
    [[4, 3], [-1, 2]],
    [[4, 3], []],
  ])("takes %j to %j", (input, output) => {
    expect(check(input, output)).not.toThrow();
  });

  test.each([
    [[8, 3], [8], /dimension 0 of the input "x" \[8, 3\] of m is fixed to 8: say padTo: 8/],
    [["batch", 3], [4], /no input of m fixes the length of its dimension 0: leave padTo out/],
    [[4, 3], [1], /output "y" \[1\] of m is fixed to 1, so that its rows cannot be told apart/],
  ])("refuses %j to %j", (input, output, text) => {
    expect(check(input, output)).toThrow(text);
  });
});
