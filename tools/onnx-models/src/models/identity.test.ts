import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { dataTypes, type DataType } from "../data-type.js";
import { identity } from "./identity.js";

/** Three values of each type, the type's limits among them. */
const examples: Readonly<Record<DataType, () => ort.Tensor>> = {
  bool: () => new ort.Tensor("bool", [true, false, true], [1, 3]),
  int8: () => new ort.Tensor("int8", Int8Array.of(-128, 0, 127), [1, 3]),
  int16: () => new ort.Tensor("int16", Int16Array.of(-32768, 0, 32767), [1, 3]),
  int32: () => new ort.Tensor("int32", Int32Array.of(-(2 ** 31), 0, 2 ** 31 - 1), [1, 3]),
  int64: () => new ort.Tensor("int64", BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n), [1, 3]),
  uint8: () => new ort.Tensor("uint8", Uint8Array.of(0, 1, 255), [1, 3]),
  uint16: () => new ort.Tensor("uint16", Uint16Array.of(0, 1, 65535), [1, 3]),
  uint32: () => new ort.Tensor("uint32", Uint32Array.of(0, 1, 2 ** 32 - 1), [1, 3]),
  uint64: () => new ort.Tensor("uint64", BigUint64Array.of(0n, 1n, 2n ** 64n - 1n), [1, 3]),
  // The bits of 1, -2 and 65504, the largest half-precision number.
  // Not by the class: on Node 24 it makes a Float16Array of them, which this engine cannot read.
  float16: () => ({ type: "float16", data: Uint16Array.of(0x3c00, 0xc000, 0x7bff), dims: [1, 3], location: "cpu" }) as unknown as ort.Tensor,
  float32: () => new ort.Tensor("float32", Float32Array.of(-1.5, NaN, Infinity), [1, 3]),
  float64: () => new ort.Tensor("float64", Float64Array.of(-1e300, NaN, 5e-324), [1, 3]),
  string: () => new ort.Tensor("string", ["", "ab", "žluťoučký 🐎"], [1, 3]),
};

/** Half-precision results are a Float16Array where Node has one. */
function bitsOf(data: unknown): Uint16Array {
  const { buffer, byteOffset, length } = data as Uint16Array;
  return new Uint16Array(buffer, byteOffset, length);
}

describe("identity", () => {
  it.each(dataTypes)("gives back %s values", async (dataType) => {
    const session = await ort.InferenceSession.create(identity(dataType));
    const x = examples[dataType]();
    const { y } = await session.run({ x });
    expect(y?.type).toBe(dataType);
    expect(y?.dims).toEqual([1, 3]);
    expect(dataType === "float16" ? bitsOf(y?.data) : y?.data).toEqual(x.data);
  });

  it.each([
    { shape: [], dimensions: [], values: [7] },
    { shape: [2], dimensions: [2], values: [1, 2] },
    { shape: ["batch", "length", 1], dimensions: [2, 3, 1], values: [1, 2, 3, 4, 5, 6] },
  ])("takes the shape $shape", async ({ shape, dimensions, values }) => {
    const session = await ort.InferenceSession.create(identity("float32", { shape }));
    expect(session.inputMetadata[0]).toMatchObject({ name: "x", type: "float32", shape });
    const x = new ort.Tensor("float32", Float32Array.from(values), dimensions);
    const { y } = await session.run({ x });
    expect(y?.dims).toEqual(dimensions);
    expect(y?.data).toEqual(x.data);
  });
});
