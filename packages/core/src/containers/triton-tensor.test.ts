import { expect, test } from "vitest";
import { InvalidArgumentError } from "../errors/index.js";
import { dtypes, NdArray, type Dtype } from "../ndarray/index.js";
import { namedTensorsContainer, ndArrayContainer as container } from "./index.js";

const bytesOf = (data: ArrayBufferView): number[] => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];

const examples: Record<Dtype, [string, NdArray, number[]]> = {
  bool: ["BOOL", NdArray.from([true, false]), [1, 0]],
  int8: ["INT8", NdArray.from([1, -1], "int8"), [1, 255]],
  int16: ["INT16", NdArray.from([1, -2], "int16"), [1, 0, 254, 255]],
  int32: ["INT32", NdArray.from([1, 258], "int32"), [1, 0, 0, 0, 2, 1, 0, 0]],
  int64: ["INT64", NdArray.from([-1n, 2n]), [255, 255, 255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 0, 0, 0]],
  uint8: ["UINT8", NdArray.from([7, 255], "uint8"), [7, 255]],
  uint16: ["UINT16", NdArray.from([7, 256], "uint16"), [7, 0, 0, 1]],
  uint32: ["UINT32", NdArray.from([7, 256], "uint32"), [7, 0, 0, 0, 0, 1, 0, 0]],
  uint64: ["UINT64", NdArray.from([1n, 2n], "uint64"), [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]],
  float16: ["FP16", NdArray.from([1, -2], "float16"), [0x00, 0x3c, 0x00, 0xc0]],
  bfloat16: ["BF16", NdArray.from([1, -2], "bfloat16"), [0x80, 0x3f, 0x00, 0xc0]],
  float32: ["FP32", NdArray.from([1, -2]), [0, 0, 128, 63, 0, 0, 0, 192]],
  float64: ["FP64", NdArray.from([1, -2], "float64"), bytesOf(Float64Array.of(1, -2))],
  string: ["BYTES", NdArray.from(["é", ""]), [2, 0, 0, 0, 0xc3, 0xa9, 0, 0, 0, 0]],
};

test.each(dtypes)("%s is the datatype and bytes that Triton takes", (dtype) => {
  const [datatype, array, raw] = examples[dtype];
  const tensor = container.toTritonHttpPayload(array, { name: "x", datatype, shape: [-1] });
  expect({ ...tensor, raw: [...tensor.raw] }).toEqual({ name: "x", datatype, shape: [2], raw });
  expect(container.toTritonGrpcPayload(array, { name: "x", datatype, shape: [2] })).toEqual(tensor);
});

test("numbers are not copied", () => {
  const array = NdArray.from([[1, 2]]);
  expect(container.toTritonHttpPayload(array, { name: "x", datatype: "FP32", shape: [-1, 2] }).raw.buffer).toBe((array.data).buffer);
});

test("another datatype or shape than the model's is refused by the input's name, never cast", () => {
  const array = NdArray.zeros("float64", [2, 3]);
  const convert = (datatype: string, shape: number[]) => () => container.toTritonPayload(array, { name: "image", datatype, shape }, "http");
  expect(convert("FP32", [-1, 3])).toThrow(InvalidArgumentError);
  expect(convert("FP32", [-1, 3])).toThrow(/Input "image" of the Triton model takes FP32, not FP64: cast the float64 array first/);
  expect(convert("FP64", [-1, 4])).toThrow(/"image" of the Triton model takes shape \[-1, 4\] \(-1: any size\), not \[2, 3\]/);
  expect(convert("FP64", [3])).toThrow(/takes shape \[3\]/);
  expect(convert("FP64", [-1, -1])).not.toThrow();
});

test("strings without UTF-8 are refused, and a record of tensors has no Triton form", () => {
  const metadata = { name: "x", datatype: "BYTES", shape: [1] };
  expect(() => container.toTritonHttpPayload(NdArray.from(["\ud83d"]), metadata)).toThrow(/half of a surrogate pair/);
  expect(() => namedTensorsContainer.toTritonPayload({ x: NdArray.from([1]) }, metadata, "http")).toThrow(/NamedTensorsContainer does not convert/);
});
