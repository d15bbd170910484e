import { expect, test } from "vitest";
import { InvalidArgumentError, NotFoundError } from "../errors/index.js";
import { NdArray } from "../ndarray/index.js";
import { AutoContainer, autoContainer, kwargs, Params, type Payload } from "./index.js";
import { SlowList, slowListRegistry } from "./slow-list.testing.js";

test("the seed's example: a payload, the value again, and two payloads joined", async () => {
  const payload = (await autoContainer.toPayload(NdArray.from([[1, 2], [3, 4]], "float64"), 0)) satisfies Payload;
  expect([payload.container, payload.batchSize, payload.buffers[0]?.byteLength]).toEqual(["NdArrayContainer", 2, 32]);
  expect(autoContainer.fromPayload(payload)).toEqual(NdArray.from([[1, 2], [3, 4]], "float64"));
  const parts = [await autoContainer.toPayload(NdArray.from([[1, 2]]), 0), await autoContainer.toPayload(NdArray.from([[3, 4]]), 0)];
  expect(await autoContainer.fromBatchPayloads(parts, 0)).toEqual({ batch: NdArray.from([[1, 2], [3, 4]]), indices: [0, 1, 2] });
});

test("each value goes by its own container", async () => {
  expect(autoContainer.getBatchSize(NdArray.zeros("int8", [2, 3]), 1)).toBe(3);
  expect(autoContainer.getBatchSize("abc", 0)).toBe(1);
  const { batch, indices } = autoContainer.batchesToBatch([["a"], ["b", "c"]], 0);
  expect([batch, indices]).toEqual([["a", "b", "c"], [0, 1, 3]]);
  expect(autoContainer.batchToBatches(batch, indices, 0)).toEqual([["a"], ["b", "c"]]);
  expect((await autoContainer.batchToPayloads(batch, indices, 0)).map(({ batchSize }) => batchSize)).toEqual([1, 2]);
});

test("48 bytes and batch sizes 2 and 3 for [2, 3] of int64, and none for [0, 3], as the Python original", async () => {
  const range = NdArray.from(BigInt64Array.of(0n, 1n, 2n, 3n, 4n, 5n)).reshape([2, 3]);
  const [rows, columns] = [await autoContainer.toPayload(range, 0), await autoContainer.toPayload(range, 1)];
  expect([rows.batchSize, columns.batchSize, rows.buffers[0]?.byteLength]).toEqual([2, 3, 48]);
  const empty = await autoContainer.toPayload(NdArray.zeros("float32", [0, 3]), 0);
  expect([empty.batchSize, empty.buffers.map((bytes) => bytes.byteLength)]).toEqual([0, [0]]);
  expect(autoContainer.fromPayload(empty)).toEqual(NdArray.zeros("float32", [0, 3]));
});

test("D7b: what is joined must be of one container, as value and as payload", async () => {
  const values = [NdArray.from([1]), [1]];
  expect(() => autoContainer.batchesToBatch(values, 0)).toThrow(/different containers cannot be joined: NdArrayContainer and DefaultContainer/);
  const payloads = await Promise.all(values.map(async (value) => autoContainer.toPayload(value, 0)));
  await expect(autoContainer.fromBatchPayloads(payloads, 0)).rejects.toThrow(/different containers/);
});

test("nothing cannot be joined, which is said in words", async () => {
  expect(() => autoContainer.batchesToBatch([], 0)).toThrow(InvalidArgumentError);
  await expect(autoContainer.fromBatchPayloads([], 0)).rejects.toThrow(InvalidArgumentError);
});

test("an unknown container is named", () => {
  expect(() => autoContainer.fromPayload({ container: "Nowhere", meta: {}, batchSize: 1, buffers: [] })).toThrow(NotFoundError);
});

test("the arguments of a call become payloads and values again, also through containers that have to wait", async () => {
  const container = new AutoContainer(slowListRegistry());
  const call = Params.of(new SlowList(["a", "b"]), kwargs({ t: 0.5 }));
  const payloads = await container.paramsToPayloads(call, 0);
  expect(payloads.map(({ container: name, batchSize }) => [name, batchSize])).toEqual(new Params([["SlowListContainer", 2]], { t: ["DefaultContainer", 1] }));
  expect(await container.paramsFromPayloads(payloads)).toEqual(call);
  await expect(container.paramsToPayloads(Params.of(() => 1), 0)).rejects.toThrow(/value is a function/);
});

test("Triton inputs go by single type", () => {
  const metadata = { name: "x", datatype: "FP32", shape: [-1] };
  const value = NdArray.from([1, 2]);
  const expected = { name: "x", datatype: "FP32", shape: [2], raw: new Uint8Array(Float32Array.of(1, 2).buffer) };
  expect(autoContainer.toTritonPayload(value, metadata, "http")).toEqual(expected);
  expect(autoContainer.toTritonHttpPayload(value, metadata)).toEqual(expected);
  expect(autoContainer.toTritonGrpcPayload(value, metadata)).toEqual(expected);
  expect(() => autoContainer.toTritonPayload([1, 2], metadata, "grpc")).toThrow(/DefaultContainer does not convert values to Triton payloads \(input "x", FP32\)/);
});
