import { expect, test } from "vitest";
import { NdArray } from "../ndarray/index.js";
import { defaultRegistry as registry, isSideArgument, joinParams, joinPayloadParams, kwargs, Params, type Payload } from "./index.js";

const rows = (...sizes: number[]): NdArray => NdArray.zeros("float32", sizes);

test("arguments are joined one by one", () => {
  const { params, indices } = joinParams([Params.of(rows(1, 2), kwargs({ texts: ["a"] })), Params.of(rows(2, 2), kwargs({ texts: ["b", "c"] }))], 0, registry);
  expect(params.args).toEqual([rows(3, 2)]);
  expect(params.kwargs).toEqual({ texts: ["a", "b", "c"] });
  expect(indices).toEqual([0, 1, 3]);
});

test("side arguments must agree and are not joined", () => {
  const { params, indices } = joinParams([Params.of(["a"], { t: 0.5 }), Params.of(["b"], { t: 0.5 })], 0, registry);
  expect(params.args).toEqual([["a", "b"], { t: 0.5 }]);
  expect(indices).toEqual([0, 1, 2]);
  expect(() => joinParams([Params.of(["a"], 0.5), Params.of(["b"], 0.7)], 0, registry)).toThrow(/Argument 1 has no items of its own and must be equal/);
  expect(joinParams([Params.of(1), Params.of(1)], 0, registry).indices).toEqual([0, 1, 2]);
});

test("what counts as a side argument", () => {
  expect([5, "a", null, { a: 1 }, new Map()].map((value) => isSideArgument(value, registry))).toEqual([true, true, true, true, true]);
  expect([[1], rows(1), { x: rows(1) }, Int8Array.of(1)].map((value) => isSideArgument(value, registry))).toEqual([false, false, false, false]);
});

test("arguments of different lengths are refused with their boundaries, though the totals agree", () => {
  const calls = [Params.of(rows(1, 2), kwargs({ y: rows(2) })), Params.of(rows(2, 2), kwargs({ y: rows(1) }))];
  expect(() => joinParams(calls, 0, registry)).toThrow(/argument lengths for parameters do not match: boundaries of the calls are \{0: \[0, 1, 3\], y: \[0, 2, 3\]\}/);
});

test("calls with different arguments or kinds of values are refused", () => {
  expect(() => joinParams([Params.of(kwargs({ x: [1] })), Params.of(kwargs({ x: [1], z: [2] }))], 0, registry)).toThrow(/different arguments/);
  expect(() => joinParams([Params.of(rows(1)), Params.of([1])], 0, registry)).toThrow(/Argument 0 cannot be joined: calls pass values of both NdArrayContainer and DefaultContainer/);
});

test("payloads are read by their own containers, then joined", async () => {
  const payload = (value: unknown): Payload => registry.containerOf(value).toPayload(value, 0) as Payload;
  const calls = [new Params([payload(rows(1, 2))], { t: payload(0.5) }), new Params([payload(rows(2, 2))], { t: payload(0.5) })];
  expect(await joinPayloadParams(calls, 0, registry)).toEqual({ params: new Params<unknown>([rows(3, 2)], { t: 0.5 }), indices: [0, 1, 3] });
  const unknown = { container: "Nowhere", meta: {}, batchSize: 1, buffers: [] };
  await expect(joinPayloadParams([new Params([unknown])], 0, registry)).rejects.toThrow(/No container is called "Nowhere"/);
});
