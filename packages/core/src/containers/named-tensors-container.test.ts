import fc from "fast-check";
import { expect, test } from "vitest";
import { NdArray, type NamedTensors } from "../ndarray/index.js";
import { anyArray, arrayOf } from "./arbitrary-array.testing.js";
import { namedTensorsContainer as container, type JsonValue, type Payload } from "./index.js";

const tensorName = fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "toString"));

function recordOf(entries: readonly (readonly [string, NdArray])[]): NamedTensors {
  return Object.fromEntries(entries);
}

/** Records with the same names and dtypes, each of one batch size. */
const joinableRecords: fc.Arbitrary<NamedTensors[]> = fc
  .tuple(fc.uniqueArray(tensorName, { minLength: 1, maxLength: 3 }), fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 4 }))
  .chain(([names, sizes]) =>
    fc.tuple(
      ...sizes.map((size) =>
        fc.tuple(arrayOf("int32", [size, 2]), arrayOf("string", [size]), arrayOf("float16", [size, 1, 3])).map((arrays) => recordOf(names.map((name, index) => [name, arrays[index]!]))),
      ),
    ),
  );

test("join then split is the identity, entry by entry", async () => {
  await fc.assert(
    fc.asyncProperty(joinableRecords, async (records) => {
      const { batch, indices } = container.batchesToBatch(records, 0);
      for (const name of Object.keys(batch)) {
        expect(batch[name]).toEqual(NdArray.concat(records.map((record) => record[name]!), 0));
      }
      expect(indices.at(-1)).toBe(container.getBatchSize(batch, 0));
      expect(container.batchToBatches(batch, indices, 0)).toEqual(records);
      const payloads = await container.batchToPayloads(batch, indices, 0);
      expect(await container.fromBatchPayloads(payloads, 0)).toEqual({ batch, indices });
    }),
  );
});

test("a payload gives the same record back", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(tensorName, anyArray), { minLength: 1, maxLength: 4, selector: ([name]) => name }), (entries) => {
      const record = recordOf(entries);
      const back = container.fromPayload(container.toPayload(record, 0));
      expect(Object.entries(back)).toEqual(Object.entries(record));
      expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
    }),
  );
});

test("the batch size is that of all entries, or an error", () => {
  const record = { x: NdArray.zeros("int8", [2, 3]), y: NdArray.zeros("int8", [3]) };
  expect(container.getBatchSize({ x: record.x }, 1)).toBe(3);
  expect(() => container.getBatchSize(record, 0)).toThrow(/one batch size, but in dim 0 they differ: "x" has shape \[2, 3\], "y" has shape \[3\]/);
  expect(() => container.getBatchSize({ x: NdArray.from(1) }, 0)).toThrow(/The batch size of "x" needs dim 0, but a scalar .* add a batch dimension/);
  expect(container.toPayload(record, 0).batchSize).toBe(1);
  expect(container.toPayload({ x: record.x, z: record.x }, 0).batchSize).toBe(2);
});

test("records of different names or dtypes are not joined", () => {
  const x = NdArray.from([1]);
  expect(() => container.batchesToBatch([{ x }, { x, z: x }], 0)).toThrow(/"z" is not in all of them \(\[x\] and \[x, z\]\)/);
  expect(() => container.batchesToBatch([{ x, z: x }, { x }], 0)).toThrow(/"z" is not in all of them/);
  expect(() => container.batchesToBatch([{ x }, { x: NdArray.from([1n]) }], 0)).toThrow(/Tensor "x": Cannot join arrays of different dtypes, float32 and int64/);
  expect(() => container.batchesToBatch([], 0)).toThrow(/no records/);
  expect(() => container.batchesToBatch([{ x }, [1] as never], 0)).toThrow(/can only be joined with plain records/);
});

test("a wrong total is refused and names the tensor", () => {
  expect(() => container.batchToBatches({ x: NdArray.from([1, 2]) }, [0, 1], 0)).toThrow(/Tensor "x": .* size that is split, 2, but is 1/);
});

const tensor = { name: "x", dtype: "int8", shape: [1] };

test.each<[string, JsonValue, number, RegExp]>([
  ["no list", "x", 1, /must list \{ name, dtype, shape \}, not "x"/],
  ["an empty list", [], 0, /must list/],
  ["an entry without a name", [{ dtype: "int8", shape: [1] }], 1, /must list/],
  ["null for an entry", [null], 1, /must list/],
  ["too few buffers", [tensor], 0, /Tensor "x": .*needs 1 buffers, but has 0/],
  ["too many buffers", [tensor], 2, /need 1 buffers, but it has 2/],
  ["a name twice", [tensor, tensor], 2, /names a tensor twice/],
  ["an unknown dtype", [{ ...tensor, dtype: "x" }], 1, /Tensor "x": .*unknown dtype "x"/],
])("a payload with %s is refused", (_what, tensors, count, message) => {
  const buffers = Array.from({ length: count }, () => Uint8Array.of(1));
  const payload: Payload = { container: container.name, meta: { tensors }, batchSize: 1, buffers };
  expect(() => container.fromPayload(payload)).toThrow(message);
});
