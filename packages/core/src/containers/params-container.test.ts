import { expect, test } from "vitest";
import { InvalidArgumentError } from "../errors/index.js";
import { NdArray } from "../ndarray/index.js";
import { defaultRegistry as registry, isSideArgument, kwargs, Params, type DataContainer, type Payload } from "./index.js";

const container = registry.findByName("ParamsContainer") as DataContainer<Params, Params>;
const rows = (...sizes: number[]): NdArray => NdArray.zeros("float32", sizes);
const payload = (value: unknown): Payload => registry.containerOf(value).toPayload(value, 0) as Payload;
const valueOf = (argument: unknown): unknown => registry.findByName((argument as Payload).container).fromPayload(argument as Payload);

test("arguments are joined one by one, positions and keywords", () => {
  const calls = [Params.of(rows(1, 2), kwargs({ texts: ["a"] })), Params.of(rows(2, 2), kwargs({ texts: ["b", "c"] }))];
  const { batch, indices } = container.batchesToBatch(calls, 0);
  expect(batch.args).toEqual([rows(3, 2)]);
  expect(batch.kwargs).toEqual({ texts: ["a", "b", "c"] });
  expect(indices).toEqual([0, 1, 3]);
  expect(container.batchToBatches(batch, indices, 0)).toEqual(calls);
  expect(calls.map((call) => container.getBatchSize(call, 0))).toEqual([1, 2]);
});

test("payloads come out as payloads, of the values' own containers", () => {
  const calls = [new Params([payload(rows(1, 2))], { t: payload(0.5), texts: payload(["a"]) }), new Params([payload(rows(2, 2))], { t: payload(0.5), texts: payload(["b", "c"]) })];
  const { batch, indices } = container.batchesToBatch(calls, 0);
  expect(batch.entries().map(([key, argument]) => [key, (argument as Payload).container, (argument as Payload).batchSize])).toEqual([
    [0, "NdArrayContainer", 3],
    ["t", "DefaultContainer", 1],
    ["texts", "DefaultContainer", 3],
  ]);
  expect(indices).toEqual([0, 1, 3]);
  const split = container.batchToBatches(batch, indices, 0);
  expect(split.map((call) => call.map(valueOf))).toEqual(calls.map((call) => call.map(valueOf)));
  expect(container.getBatchSize(batch, 0)).toBe(3);
});

test("D7a: a side argument such as a temperature needs no list and is not joined, alone or with others", () => {
  const { batch, indices } = container.batchesToBatch([Params.of(["a"], { t: 0.5 }), Params.of(["b"], { t: 0.5 })], 0);
  expect(batch.args).toEqual([["a", "b"], { t: 0.5 }]);
  expect(indices).toEqual([0, 1, 2]);
  expect(container.batchToBatches(batch, indices, 0)).toEqual([Params.of(["a"], { t: 0.5 }), Params.of(["b"], { t: 0.5 })]);
  expect(container.batchesToBatch([Params.of(["a"], 0.7)], 0).batch.args).toEqual([["a"], 0.7]);
  expect(() => container.batchesToBatch([Params.of(["a"], 0.5), Params.of(["b"], 0.7)], 0)).toThrow(/Argument 1 has no items of its own and must be equal/);
  expect(container.batchesToBatch([Params.of(1), Params.of(1)], 0).indices).toEqual([0, 1, 2]);
});

test("D7a: calls with different keywords are refused, and none is dropped", () => {
  expect(() => container.batchesToBatch([Params.of(kwargs({ x: [1] })), Params.of(kwargs({ x: [1], z: [2] }))], 0)).toThrow(/different arguments/);
  expect(() => container.batchesToBatch([Params.of(kwargs({ x: [1], z: [2] })), Params.of(kwargs({ x: [1] }))], 0)).toThrow(/different arguments/);
});

test("D7b: values of different kinds are not joined by the first one's container", () => {
  expect(() => container.batchesToBatch([Params.of(rows(1)), Params.of([1])], 0)).toThrow(
    /Argument 0 cannot be joined: calls pass values of both NdArrayContainer and DefaultContainer/,
  );
  expect(() => container.batchesToBatch([new Params([payload(rows(1))]), new Params([payload([1])])], 0)).toThrow(/both NdArrayContainer and DefaultContainer/);
});

test("D3: the parts of a call with two outputs are joined to a pair, not listed one after the other", () => {
  const parts = [Params.of(rows(2, 3), ["a", "b"]), Params.of(rows(1, 3), ["c"])];
  const { batch, indices } = container.batchesToBatch(parts, 0);
  expect(batch.args).toEqual([rows(3, 3), ["a", "b", "c"]]);
  expect(indices).toEqual([0, 2, 3]);
});

test("D1: a call with positional arguments splits, and so does one with none", () => {
  expect(container.batchToBatches(Params.of(rows(5, 1)), [0, 2, 4, 5], 0)).toEqual([Params.of(rows(2, 1)), Params.of(rows(2, 1)), Params.of(rows(1, 1))]);
  expect(container.batchToBatches(new Params([]), [0, 1], 0)).toEqual([new Params([])]);
  expect(() => container.batchToBatches(Params.of(rows(5, 1)), [0, 2], 0)).toThrow(/size that is split, 5, but is 2/);
});

test("arguments of different lengths are refused with their boundaries, though the totals agree", () => {
  const calls = [Params.of(rows(1, 2), kwargs({ y: rows(2) })), Params.of(rows(2, 2), kwargs({ y: rows(1) }))];
  expect(() => container.batchesToBatch(calls, 0)).toThrow(/argument lengths for parameters do not match: boundaries of the calls are \{0: \[0,1,3\], y: \[0,2,3\]\}/);
  expect(() => container.getBatchSize(calls[0]!, 0)).toThrow(/argument lengths for parameters do not match: batch sizes are \{0: 1, y: 2\}/);
  expect(container.getBatchSize(Params.of(0.5), 0)).toBe(1);
});

test("what counts as a side argument", () => {
  expect([5, "a", null, { a: 1 }, new Map()].map((value) => isSideArgument(value, registry))).toEqual([true, true, true, true, true]);
  expect([[1], rows(1), { x: rows(1) }, Int8Array.of(1)].map((value) => isSideArgument(value, registry))).toEqual([false, false, false, false]);
});

test("the arguments of a call are no payload of their own", async () => {
  expect(() => container.toPayload(Params.of(1, 2), 0)).toThrow(InvalidArgumentError);
  expect(() => container.toPayload(Params.of(1, 2), 0)).toThrow(/2 arguments of a call are no single payload/);
  expect(() => container.fromPayload(payload(1))).toThrow(/No payload holds the arguments of a call/);
  await expect(container.batchToPayloads(Params.of(rows(1)), [0, 1], 0)).rejects.toThrow(/no single payload/);
});
