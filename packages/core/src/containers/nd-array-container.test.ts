import fc from "fast-check";
import { expect, test } from "vitest";
import { NdArray } from "../ndarray/index.js";
import { anyArray, joinableArrays } from "./arbitrary-array.testing.js";
import { ndArrayContainer as container, type Payload } from "./index.js";

/** What another process gets: no shared memory, bytes at any address. */
function sent(payload: Payload, byteOffset: number): Payload {
  const buffers = payload.buffers.map((bytes) => {
    const received = new Uint8Array(byteOffset + bytes.byteLength);
    received.set(bytes, byteOffset);
    return received.subarray(byteOffset);
  });
  return { ...payload, meta: JSON.parse(JSON.stringify(payload.meta)) as Payload["meta"], buffers };
}

test("a payload gives the same array back, at any address of its bytes", () => {
  fc.assert(
    fc.property(anyArray, fc.nat({ max: 9 }), (array, byteOffset) => {
      const payload = container.toPayload(array, 0);
      expect(payload.batchSize).toBe(array.shape[0] ?? 1);
      expect(container.fromPayload(sent(payload, byteOffset))).toEqual(array);
    }),
    { numRuns: 1000 },
  );
});

test("a payload looks at the array's memory, and so does the array that is read from it", () => {
  const array = NdArray.from([[1, 2]]);
  const payload = container.toPayload(array, 0);
  expect(payload).toEqual({ container: "NdArrayContainer", meta: { dtype: "float32", shape: [1, 2] }, batchSize: 1, buffers: [new Uint8Array([0, 0, 128, 63, 0, 0, 0, 64])] });
  expect(payload.buffers[0]!.buffer).toBe(array.data.buffer);
  expect((container.fromPayload(payload).data as Float32Array).buffer).toBe(array.data.buffer);
});

test("the bytes of strings are in memory of their own, which may be handed to another thread", () => {
  for (const bytes of container.toPayload(NdArray.from(["a", "é"]), 0).buffers) {
    expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
    expect(structuredClone(bytes, { transfer: [bytes.buffer as ArrayBuffer] }).byteLength).toBeGreaterThan(0);
  }
});

test("only the part of a view is sent", () => {
  const [, second] = NdArray.from([[1, 2], [3, 4]], "int8").split([0, 1, 2], 0);
  expect([...container.toPayload(second!, 0).buffers[0]!]).toEqual([3, 4]);
});

test("join, split, and the same through payloads", async () => {
  await fc.assert(
    fc.asyncProperty(joinableArrays, async ({ arrays, dim }) => {
      const { batch, indices } = container.batchesToBatch(arrays, dim);
      expect(indices).toHaveLength(arrays.length + 1);
      expect(indices[0]).toBe(0);
      expect(indices.at(-1)).toBe(container.getBatchSize(batch, dim));
      expect(container.batchToBatches(batch, indices, dim)).toEqual(arrays);
      const payloads = await container.batchToPayloads(batch, indices, dim);
      expect(payloads.map((payload) => payload.batchSize)).toEqual(arrays.map((array) => array.shape[dim]));
      expect(await container.fromBatchPayloads(payloads.map((payload) => sent(payload, 1)), dim)).toEqual({ batch, indices });
    }),
  );
});

test("rows of the Python original's tests: [3, 3] and [2, 3] join to [5, 3]", () => {
  const ones = NdArray.from([[1, 1, 1], [1, 1, 1], [1, 1, 1]]);
  const range = NdArray.from(Float32Array.of(0, 1, 2, 3, 4, 5));
  const rows = container.batchesToBatch([ones, range.reshape([2, 3])], 0);
  expect([rows.batch.shape, rows.indices]).toEqual([[5, 3], [0, 3, 5]]);
  const columns = container.batchesToBatch([ones, range.reshape([3, 2])], 1);
  expect([columns.batch.shape, columns.indices]).toEqual([[3, 5], [0, 3, 5]]);
  expect(columns.batch.toNested()).toEqual([[1, 1, 1, 0, 1], [1, 1, 1, 2, 3], [1, 1, 1, 4, 5]]);
});

test("bare typed arrays are arrays of one dim", () => {
  const { batch, indices } = container.batchesToBatch([Float32Array.of(1, 2), NdArray.from([3])], 0);
  expect([batch.toNested(), indices]).toEqual([[1, 2, 3], [0, 2, 3]]);
  expect(container.getBatchSize(Int8Array.of(1, 2, 3), 0)).toBe(3);
  expect(container.fromPayload(container.toPayload(Float64Array.of(0.1), 0))).toEqual(NdArray.from(Float64Array.of(0.1)));
});

test("D6: the batch size of a scalar asks for a batch dimension, its payload does not", () => {
  const scalar = NdArray.from(3);
  expect(() => container.getBatchSize(scalar, 0)).toThrow(/add a batch dimension/);
  expect(() => container.getBatchSize(NdArray.from([1]), 1)).toThrow(/The batch size needs dim 1, but shape \[1\] has dims 0 to 0. Is a batch dimension missing\?/);
  expect(container.fromPayload(container.toPayload(scalar, 0))).toEqual(scalar);
});

test("arrays of different dtypes, and other values, are refused", () => {
  expect(() => container.batchesToBatch([NdArray.from([1]), NdArray.from([1n])], 0)).toThrow(/different dtypes, float32 and int64/);
  expect(() => container.batchesToBatch([NdArray.from([1]), [1] as never], 0)).toThrow(/not with a list/);
  expect(() => container.batchesToBatch([null as never], 0)).toThrow(/not with null/);
});

test("D7b: a wrong total is refused before anything is sent", async () => {
  const array = NdArray.from([1, 2, 3]);
  await expect(container.batchToPayloads(array, [0, 2], 0)).rejects.toThrow(/the size that is split, 3, but is 2/);
});

test("strings that UTF-8 cannot say are refused", () => {
  expect(() => container.toPayload(NdArray.from(["ok", "\ud83d"]), 0)).toThrow(/String 1 holds half of a surrogate pair/);
  expect(() => container.toPayload(new NdArray("string", [1], [1 as never]), 0)).toThrow(/Element 0 of a string array is a number/);
});

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const offsets = (...values: number[]): Uint8Array => new Uint8Array(Uint32Array.from(values).buffer);

test.each<[string, unknown, unknown, Uint8Array[], RegExp]>([
  ["an unknown dtype", "float8", [1], [bytes(1)], /unknown dtype "float8"/],
  ["no dtype", undefined, [1], [bytes(1)], /unknown dtype undefined/],
  ["a shape that is no list", "int8", "1", [bytes(1)], /shape must be at most 32 numbers, not "1"/],
  ["a shape of strings", "int8", ["1"], [bytes(1)], /shape must be/],
  ["too many dims", "int8", new Array(33).fill(1), [bytes(1)], /shape must be at most 32/],
  ["a shape that would fill the log", "int8", ["x".repeat(9999)], [bytes(1)], /^.{50,300}$/],
  ["negative dims", "int8", [-1, -1], [bytes(1)], /Dim 0 of shape/],
  ["too few bytes", "int16", [2], [bytes(1, 2)], /Shape \[2\] has 2 elements, but the int16 data has 1/],
  ["half an element", "int16", [1], [bytes(1, 2, 3)], /3 bytes, which is no multiple of 2/],
  ["no buffer", "int8", [0], [], /needs 1 buffers, but has 0/],
  ["too many buffers", "int8", [1], [bytes(1), bytes(1)], /needs 1 buffers, but has 2/],
  ["bools that are no bits", "bool", [2], [bytes(1, 2)], /Element 1 of a bool payload is the byte 2/],
  ["strings of one buffer", "string", [1], [bytes(1)], /needs 2 buffers/],
  ["strings without offsets", "string", [0], [bytes(), bytes()], /needs a buffer of uint32 offsets/],
  ["offsets that do not begin with 0", "string", [1], [offsets(1, 2), bytes(65, 65)], /from 0 to the 2 bytes of text, not from 1 to 2/],
  ["offsets that end early", "string", [1], [offsets(0, 1), bytes(65, 65)], /not from 0 to 1/],
  ["offsets that fall", "string", [3], [offsets(0, 2, 1, 2), bytes(65, 65)], /String offset 2 falls from 2 to 1/],
  ["offsets inside a character", "string", [2], [offsets(0, 1, 2), bytes(0xc3, 0xa9)], /offset 1 \(1\) lies inside a UTF-8 character/],
  ["text that is not UTF-8", "string", [1], [offsets(0, 1), bytes(0xff)], /not UTF-8/],
  ["fewer strings than the shape says", "string", [2], [offsets(0, 1), bytes(65)], /Shape \[2\] has 2 elements, but the string data has 1/],
])("a payload with %s is refused", (_what, dtype, shape, buffers, message) => {
  const payload = { container: "NdArrayContainer", meta: { dtype, shape }, batchSize: 1, buffers } as unknown as Payload;
  expect(() => container.fromPayload(payload)).toThrow(message);
});
