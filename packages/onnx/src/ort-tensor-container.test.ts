import { defaultRegistry, NdArray } from "bentoml-core";
import * as fc from "fast-check";
import * as ort from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";
import { fromOrtTensor, isOrtTensor, toOrtTensor } from "./engine-tensor.js";
import { register } from "./index.js";
import { OrtTensorContainer } from "./ort-tensor-container.js";

beforeAll(() => {
  register();
  register();
});

const container = new OrtTensorContainer();

function tensor(rows: readonly (readonly number[])[]): ort.Tensor {
  return new ort.Tensor("float32", Float32Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 2]);
}

describe("the container of ort.Tensor", () => {
  test("is found for tensors, and not for arrays or records", () => {
    expect(defaultRegistry.containerOf(tensor([[1, 2]])).name).toBe("OrtTensorContainer");
    expect(defaultRegistry.findBySingleType(tensor([[1, 2]])).name).toBe("OrtTensorContainer");
    expect(defaultRegistry.findByName("OrtTensorContainer")).toBeInstanceOf(OrtTensorContainer);
    expect(defaultRegistry.containerOf(NdArray.zeros("float32", [1])).name).not.toBe("OrtTensorContainer");
    expect(defaultRegistry.containerOf({ type: "float32" }).name).not.toBe("OrtTensorContainer");
  });

  test("what is joined and split again is what it was", () => {
    const rows = fc.array(fc.tuple(fc.float(), fc.float()), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 4 }), (parts) => {
        const tensors = parts.map(tensor);
        const { batch, indices } = container.batchesToBatch(tensors, 0);
        expect(container.getBatchSize(batch, 0)).toBe(parts.flat().length);
        const split = container.batchToBatches(batch, indices, 0);
        expect(split.map(fromOrtTensor)).toEqual(tensors.map(fromOrtTensor));
      }),
    );
  });

  test("payloads give the tensor back, under the container's name", async () => {
    const value = tensor([[1, 2], [3, 4], [5, 6]]);
    const payload = container.toPayload(value, 0);
    expect(payload).toMatchObject({ container: "OrtTensorContainer", batchSize: 3 });
    expect(fromOrtTensor(container.fromPayload(payload))).toEqual(fromOrtTensor(value));
    const payloads = await container.batchToPayloads(value, [0, 1, 3], 0);
    expect(payloads.map((part) => [part.container, part.batchSize])).toEqual([["OrtTensorContainer", 1], ["OrtTensorContainer", 2]]);
    const { batch, indices } = await container.fromBatchPayloads(payloads, 0);
    expect(indices).toEqual([0, 1, 3]);
    expect(fromOrtTensor(batch)).toEqual(fromOrtTensor(value));
  });
});

test("a tensor goes to a Triton server as an array does", () => {
  const value = tensor([[1, 2]]);
  const metadata = { name: "x", datatype: "FP32", shape: [-1, 2] };
  const expected = { name: "x", datatype: "FP32", shape: [1, 2], raw: new Uint8Array(Float32Array.of(1, 2).buffer) };
  for (const protocol of ["http", "grpc"] as const) expect(container.toTritonPayload(value, metadata, protocol)).toEqual(expected);
  expect(container.toTritonHttpPayload(value, metadata)).toEqual(container.toTritonGrpcPayload(value, metadata));
  expect(() => container.toTritonHttpPayload(value, { ...metadata, datatype: "FP64" })).toThrow(/takes FP64, not FP32/);
});

test("workers are told where the container is", () => {
  expect(defaultRegistry.modules).toContainEqual({ container: "OrtTensorContainer", module: expect.stringMatching(/^file:.*\/index\.js$/) });
});

describe("tensors and arrays", () => {
  test("share memory both ways", () => {
    const array = NdArray.from([[1, 2]], "float32");
    expect(toOrtTensor(array).data).toBe(array.data);
    expect(fromOrtTensor(toOrtTensor(array)).data).toBe(array.data);
  });

  test("a Float16Array is taken as its bits", () => {
    const halfClass = (globalThis as { Float16Array?: new (values: number[]) => ArrayBufferView }).Float16Array;
    if (halfClass === undefined) return;
    const array = fromOrtTensor({ type: "float16", dims: [2], data: new halfClass([1, -2]) });
    expect(array.data).toEqual(Uint16Array.of(0x3c00, 0xc000));
  });

  test("what is no tensor in main memory", () => {
    for (const value of [null, 1, [], {}, { type: "float32", dims: 1, data: [] }, { type: "a", dims: [], data: 1 }]) {
      expect(isOrtTensor(value)).toBe(false);
    }
    const remote = { type: "float32", dims: [1], data: undefined, location: "gpu-buffer" };
    expect(isOrtTensor(remote)).toBe(true);
    expect(() => fromOrtTensor(remote)).toThrow(/"gpu-buffer".*getData/);
    expect(() => fromOrtTensor({ type: "uint4", dims: [1], data: new Uint8Array(1) })).toThrow(/uint4/);
  });
});
