import { defaultRegistry, InvalidArgumentError, NdArray } from "bentoml-core";
import * as fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { register } from "./index.js";
import { isTfTensor, type TfTensor } from "./tensor.js";
import { TfTensorContainer } from "./tensor-container.js";
import { tf, useCpu } from "./testing/models.js";

beforeAll(useCpu);
beforeEach(register);

const container = new TfTensorContainer();
const values = (tensor: TfTensor): unknown => [tensor.dtype, tensor.shape, tensor.dataSync()];

/** Tensors that can be joined along a dim. */
const joinable = fc
  .record({ dim: fc.integer({ min: 0, max: 2 }), shape: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }), sizes: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 }) })
  .map(({ dim, shape, sizes }) => ({ dim, tensors: () => sizes.map((size, index) => numbered(index * 100, shape.map((other, place) => (place === dim ? size : other)))) }));

function numbered(first: number, shape: number[]): ReturnType<typeof tf.tensor> {
  const size = shape.reduce((product, dim) => product * dim, 1);
  return tf.tensor(Float32Array.from({ length: size }, (_, index) => first + index), shape);
}

describe("the container of tf.Tensor", () => {
  test("is found for tensors, and for nothing else that looks like one", () => {
    const tensor = tf.scalar(1);
    expect(defaultRegistry.containerOf(tensor).name).toBe("TfTensorContainer");
    expect([NdArray.zeros("float32", [1]), { dtype: "float32", shape: [1], data: [1] }, null, "x"].map(isTfTensor)).toEqual([false, false, false, false]);
    tensor.dispose();
  });

  test("join, then split, gives the tensors back; those that went in stay", () => {
    fc.assert(
      fc.property(joinable, ({ dim, tensors }) =>
        tf.tidy(() => {
          const given = tensors();
          const { batch, indices } = container.batchesToBatch(given, dim);
          expect(container.getBatchSize(batch, dim)).toBe(indices.at(-1));
          expect(container.batchToBatches(batch, indices, dim).map(values)).toEqual(given.map(values));
          expect(given.some(({ isDisposed }) => isDisposed)).toBe(false);
        }),
      ),
      { numRuns: 50 },
    );
  });

  test.each([
    ["float32", () => tf.tensor2d([[1.5, -2]])],
    ["int32", () => tf.tensor1d([1, -2], "int32")],
    ["bool", () => tf.tensor1d([true, false], "bool")],
    ["string", () => tf.tensor1d(["a", "žů"])],
    ["a scalar", () => tf.scalar(3)],
    ["no rows", () => tf.zeros([0, 2])],
  ])("a payload gives a tensor of %s back", async (_what, make) => {
    const tensor = make();
    const payload = await container.toPayload(tensor, 0);
    expect(payload.container).toBe("TfTensorContainer");
    const again = await container.fromPayload(payload);
    expect(values(again)).toEqual(values(tensor));
    tensor.dispose();
    again.dispose();
  });

  test("a tensor of its own has memory of its own", async () => {
    const bytes = new Uint8Array(Float32Array.of(1, 2).buffer);
    const tensor = await container.fromPayload({ container: container.name, meta: { dtype: "float32", shape: [2] }, batchSize: 2, buffers: [bytes] });
    bytes.fill(0);
    expect(values(tensor)).toEqual(["float32", [2], Float32Array.of(1, 2)]);
    tensor.dispose();
  });

  test("what is gone, complex, or split wrongly is refused", () => {
    const tensor = tf.zeros([2, 2]);
    expect(() => container.batchToBatches(tensor, [0, 1], 0)).toThrow(InvalidArgumentError);
    expect(() => container.getBatchSize(tensor, 2)).toThrow(/no dim 2/);
    tensor.dispose();
    expect(() => container.batchesToBatch([tensor], 0)).toThrow(/disposed/);
    const complex = tf.complex([1], [2]);
    expect(() => container.batchesToBatch([complex], 0)).toThrow(/complex64/);
    complex.dispose();
  });

  test("goes to a Triton server as an array does", () => {
    const tensor = tf.tensor2d([[1, 2]]);
    expect(container.toTritonHttpPayload(tensor, { name: "x", datatype: "FP32", shape: [-1, 2] })).toMatchObject({ datatype: "FP32", shape: [1, 2] });
    tensor.dispose();
  });
});
