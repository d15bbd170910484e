import { addSub, identity } from "@bentoml-tools/onnx-models";
import { InvalidArgumentError, kwargs, NdArray, Params, type Dtype } from "bentoml-core";
import * as fc from "fast-check";
import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { planInputs, type InputPlan } from "./input-plan.js";
import type { GraphInput } from "./onnx-signature.js";
import { prepareInputs } from "./prepare.js";

function input(name: string, dtype: Dtype, shape: readonly (number | string)[], rankKnown = true): GraphInput {
  return { name, dtype, shape, rankKnown };
}

function plan(inputs: readonly GraphInput[], batchable = true): InputPlan {
  return planInputs({ inputs, batchable, batchDim: [0, 0] });
}

const image = plan([input("image", "float32", ["batch", 28, 28])]);
const pair = plan([input("a", "float32", ["batch", 4]), input("b", "float32", ["batch", 4])]);
const rows = plan([input("x", "float32", ["batch", 3])]);

function prepared(inputPlan: InputPlan, ...args: unknown[]): Record<string, NdArray> {
  const params = prepareInputs(Params.of(...args), inputPlan);
  expect(params.args).toHaveLength(1);
  expect(params.kwargs).toEqual({});
  return params.args[0] as Record<string, NdArray>;
}

function refusal(inputPlan: InputPlan, ...args: unknown[]): string {
  try {
    prepared(inputPlan, ...args);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidArgumentError);
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
}

describe("the forms of a call", () => {
  const a = NdArray.zeros("float32", [2, 4]);
  const b = NdArray.zeros("float32", [2, 4]);

  test("a record of fitting arrays passes as it is", () => {
    const params = Params.of({ a, b });
    expect(prepareInputs(params, pair)).toBe(params);
  });

  test.each([
    ["positions", [a, b]],
    ["a record in another order", [{ b, a }]],
    ["keywords", [kwargs({ b, a })]],
    ["a position and a keyword", [a, kwargs({ b })]],
  ])("%s become a record in the graph's order", (_form, args) => {
    const record = prepared(pair, ...args);
    expect(Object.keys(record)).toEqual(["a", "b"]);
    expect(record["a"]).toBe(a);
    expect(record["b"]).toBe(b);
  });

  test("one array for a model with one input", () => {
    const array = NdArray.zeros("float32", [1, 28, 28]);
    expect(prepared(image, array)).toEqual({ image: array });
    expect(prepared(image, { image: array })["image"]).toBe(array);
  });

  test("missing and unknown names are listed", () => {
    expect(refusal(pair, { a, c: b })).toBe('The inputs of the model are "a", "b"; missing: "b"; unknown: "c".');
    expect(refusal(pair, a)).toContain('missing: "b"');
    expect(refusal(pair, { a, b, c: b })).toContain('unknown: "c"');
    expect(refusal(pair)).toContain('missing: "a", "b"');
    expect(refusal(pair, a, b, b)).toBe('3 arguments were given, but the model has 2 inputs: "a", "b".');
    expect(refusal(pair, a, kwargs({ a, b }))).toBe('Input "a" was given twice, by place and by name.');
  });
});

describe("the kinds of a value", () => {
  const expected = NdArray.from([[1, 2, 3]], "float32");

  test.each([
    ["nested lists", [[1, 2, 3]]],
    ["a typed array", Float32Array.of(1, 2, 3)],
    ["a view with an offset", Float32Array.of(9, 1, 2, 3).subarray(1)],
    ["integers of fewer bits", Uint8Array.of(1, 2, 3)],
    ["exact numbers of more bits", Float64Array.of(1, 2, 3)],
    ["an ort.Tensor", new ort.Tensor("float32", Float32Array.of(1, 2, 3), [1, 3])],
    ["an ort.Tensor of another type", new ort.Tensor("int8", Int8Array.of(1, 2, 3), [1, 3])],
    ["a data frame", { toNdArray: () => NdArray.from([[1, 2, 3]]) }],
    ["a list of typed arrays", [Float32Array.of(1, 2, 3)]],
  ])("%s", (_kind, value) => {
    expect(prepared(rows, value)["x"]).toEqual(expected);
    expect(prepared(rows, { x: value })["x"]).toEqual(expected);
  });

  test("a typed array of several rows", () => {
    expect(prepared(rows, new Float32Array(6))["x"]?.shape).toEqual([2, 3]);
    expect(refusal(rows, new Float32Array(7))).toBe(
      'Input "x" wants float32 [batch, 3]: a typed array of 7 elements does not fill it: it takes a multiple of 3.',
    );
    const sequence = plan([input("ids", "int64", ["batch", "length"])]);
    expect(refusal(sequence, new BigInt64Array(6))).toContain("more than one dimension is open");
  });

  test("numbers in lists are rounded like literals, arrays are not", () => {
    expect(prepared(rows, [[0.1, 0.2, 0.3]])["x"]?.data).toEqual(Float32Array.of(0.1, 0.2, 0.3));
    expect(refusal(rows, Float64Array.of(0.1, 0.2, 0.3))).toMatch(/^Input "x" wants float32 \[batch, 3\]: .*0\.1/);
  });

  test("int64 takes whole numbers and bigints", () => {
    const ids = plan([input("ids", "int64", ["batch"])]);
    expect(prepared(ids, [1, 2n])["ids"]?.data).toEqual(BigInt64Array.of(1n, 2n));
    expect(refusal(ids, [0.5])).toContain('Input "ids" wants int64 [batch]');
  });

  test("scalars, booleans, strings and half precision", () => {
    const rate = plan([input("rate", "float32", [])], false);
    expect(prepared(rate, 0.5)["rate"]).toEqual(NdArray.from(0.5, "float32"));
    const flags = plan([input("flags", "bool", ["batch"])]);
    expect(prepared(flags, [true, false])["flags"]?.data).toEqual(Uint8Array.of(1, 0));
    const texts = plan([input("texts", "string", ["batch"])]);
    expect(prepared(texts, ["a", "b"])["texts"]?.data).toEqual(["a", "b"]);
    const half = plan([input("half", "float16", ["batch"])]);
    expect(prepared(half, [1, -2])["half"]?.data).toEqual(Uint16Array.of(0x3c00, 0xc000));
    expect(prepared(half, new ort.Tensor("float16", Uint16Array.of(0x3c00), [1]))["half"]?.data).toEqual(Uint16Array.of(0x3c00));
  });

  test.each([null, new Date(0), () => 1, Symbol("s"), new DataView(new ArrayBuffer(4))])("%o is no array", (value) => {
    expect(refusal(rows, value)).toContain('Input "x" wants float32 [batch, 3]');
  });

  test("strings are not numbers", () => {
    expect(refusal(rows, [["1", "2", "3"]])).toContain('Input "x" wants float32 [batch, 3]');
  });
});

describe("shapes", () => {
  test("a missing batch dimension is recognised", () => {
    expect(refusal(image, NdArray.zeros("float32", [28, 28]))).toBe(
      'Input "image" wants shape [batch, 28, 28] and was given [28, 28]: ' +
        "add a batch dimension: shape [1, 28, 28], for example with expandDims(0).",
    );
    expect(refusal(rows, [1, 2, 3])).toContain("add a batch dimension: shape [1, 3]");
  });

  test("another rank and another length", () => {
    expect(refusal(image, NdArray.zeros("float32", [28]))).toContain("it must have 3 dimensions, not 1");
    expect(refusal(image, NdArray.zeros("float32", [1, 28, 29]))).toBe(
      'Input "image" wants shape [batch, 28, 28] and was given [1, 28, 29]: dimension 2 must be 28, not 29.',
    );
  });

  test("the second of two inputs", () => {
    const a = NdArray.zeros("float32", [2, 4]);
    expect(refusal(pair, { a, b: NdArray.zeros("float32", [2, 5]) })).toContain('Input "b"');
  });

  test("batch sizes must be equal, whatever the graph calls them", () => {
    const a = NdArray.zeros("float32", [2, 4]);
    const b = NdArray.zeros("float32", [3, 4]);
    expect(refusal(pair, { a, b })).toBe(
      'The inputs disagree about "batch": dimension 0 of "a" [2, 4] is 2, dimension 0 of "b" [3, 4] is 3. They must be equal.',
    );
    const named = [input("a", "float32", [-1, 4]), input("b", "float32", ["N", 4])];
    expect(refusal(plan(named), { a, b })).toContain('disagree about "N"');
    expect(prepared(plan(named, false), { a, b })["b"]).toBe(b);
  });

  test("one symbol has one length, also within an input", () => {
    const square = plan([input("x", "float32", ["n", "n"])], false);
    expect(refusal(square, NdArray.zeros("float32", [2, 3]))).toContain('disagree about "n"');
    expect(prepared(square, NdArray.zeros("float32", [3, 3]))["x"]?.shape).toEqual([3, 3]);
  });

  test("lengths of one call do not bind the next", () => {
    for (const size of [2, 3, 0]) expect(prepared(rows, NdArray.zeros("float32", [size, 3]))["x"]?.shape[0]).toBe(size);
  });

  test("an unknown rank takes any shape, an unknown dimension any length", () => {
    const any = plan([input("x", "float32", [], false)], false);
    for (const shape of [[], [2], [2, 3]]) expect(prepared(any, NdArray.zeros("float32", shape))["x"]?.shape).toEqual(shape);
    expect(prepared(any, new Float32Array(5))["x"]?.shape).toEqual([5]);
    const open = plan([input("x", "float32", [-1, -1])], false);
    expect(prepared(open, NdArray.zeros("float32", [2, 3]))["x"]?.shape).toEqual([2, 3]);
  });
});

test("what prepare lets pass, the engine takes; what the engine would refuse, prepare refuses", async () => {
  const session = await ort.InferenceSession.create(addSub());
  const shape = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 3 });
  const rowsOfFour = fc.integer({ min: 1, max: 3 }).map((count) => [count, 4]);
  const anyShape = fc.oneof(rowsOfFour, shape);
  await fc.assert(
    fc.asyncProperty(anyShape, anyShape, async (shapeA, shapeB) => {
      const record = { a: NdArray.zeros("float32", shapeA), b: NdArray.zeros("float32", shapeB) };
      const accepted = shapeA.length === 2 && shapeA[1] === 4 && shapeB.length === 2 && shapeB[1] === 4 && shapeA[0] === shapeB[0];
      if (!accepted) {
        expect(() => prepareInputs(Params.of(record), pair)).toThrow(InvalidArgumentError);
        return;
      }
      const ready = prepared(pair, record);
      const feeds = Object.fromEntries(
        Object.entries(ready).map(([name, array]) => [name, new ort.Tensor("float32", array.data as Float32Array, array.shape)]),
      );
      expect((await session.run(feeds))["sum"]?.dims).toEqual(shapeA);
    }),
    { numRuns: 100 },
  );
});

test("an identity model's own output can be its next input", async () => {
  const session = await ort.InferenceSession.create(identity("float32"));
  const first = prepared(rows, [[1, 2, 3]])["x"] as NdArray<"float32">;
  const { y } = await session.run({ x: new ort.Tensor("float32", first.data, first.shape) });
  expect(prepared(rows, y)["x"]).toEqual(first);
});
