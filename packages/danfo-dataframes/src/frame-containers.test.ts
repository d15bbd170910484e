import { InvalidArgumentError, type Payload } from "bentoml-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arbitraryFrames } from "./arbitrary-frame.testing.js";
import { DataFrame } from "./data-frame.js";
import { frameRegistration } from "./data-frame-container.js";
import type { FrameLike } from "./foreign-frame.js";
import { ForeignFrame, ForeignSeries } from "./foreign-frame.testing.js";
import { Series } from "./series.js";
import { seriesRegistration } from "./series-container.js";

const { container: frames } = frameRegistration;
const { container: series } = seriesRegistration;

/** What can be compared of a frame of whatever class. */
const seen = ({ columns, dtypes, index, values }: FrameLike) => ({ columns, dtypes, index, values });

/** As a worker or another host reads it, which knows no class of the caller's; and once more, when its answer is back. */
function otherThread(payload: Payload): Payload {
  const text = Buffer.from(payload.buffers[0] as Uint8Array).toString("latin1");
  const swapped = text.replaceAll(/"token":"([0-9a-f-]{36})\./g, (_, uuid: string) => `"token":"${uuid.slice(18) + uuid.slice(0, 18)}.`);
  return { ...payload, buffers: [Buffer.from(swapped, "latin1")] };
}

describe("laws of joining and splitting", () => {
  test("split undoes join, with dtypes, nulls and labels, for 100 random lists of frames", () => {
    fc.assert(
      fc.property(arbitraryFrames, (parts) => {
        const { batch, indices } = frames.batchesToBatch(parts, 0);
        expect(frames.getBatchSize(batch, 0)).toBe(indices.at(-1));
        const split = frames.batchToBatches(batch, indices, 0);
        expect(split.map(seen)).toEqual(parts.map(seen));
      }),
      { numRuns: 100 },
    );
  });

  test("a payload gives every frame back, for 100 random lists of frames", () => {
    fc.assert(
      fc.property(arbitraryFrames, (parts) => {
        for (const frame of parts) {
          const payload = frames.toPayload(frame);
          expect(payload).toMatchObject({ container: "DataFrameContainer", batchSize: frame.shape[0], meta: {} });
          expect(seen(frames.fromPayload(structuredClone(payload)))).toEqual(seen(frame));
        }
      }),
      { numRuns: 100 },
    );
  });

  describe("of callers' frames of numbers", () => {
    const numbers = (values: readonly (readonly unknown[])[], columns: readonly string[] = ["a", "b"]): ForeignFrame => new ForeignFrame(values, { columns });
    const joined = (...parts: readonly FrameLike[]): DataFrame => DataFrame.from(frames.batchesToBatch(parts, 0).batch);

    test("copies none of what was read", () => {
      const batch = joined(numbers([[1, 2], [3, 4]]), numbers([]), numbers([[5, 6]]));
      expect(batch.values).toEqual([[1, 2], [3, 4], [5, 6]]);
      const [a, b] = batch.table.columns.map(({ data }) => data as Float64Array);
      expect([a?.buffer === b?.buffer, a?.buffer.byteLength]).toEqual([true, 48]);
    });

    test("leaves the callers' rows alone", () => {
      const given = numbers([[1, 2]]);
      const batch = joined(given, numbers([[3, 4]]));
      (given.values as number[][])[0]![0] = 9;
      expect(batch.values).toEqual([[1, 2], [3, 4]]);
    });

    test("goes by the names of columns", () => {
      expect(joined(numbers([[1, 2]]), numbers([[3, 4]], ["b", "a"])).values).toEqual([[1, 2], [4, 3]]);
      expect(() => joined(numbers([[1, 2]]), numbers([[3, 4, 5]], ["a", "b", "c"]))).toThrow(/"c" is not in the first/);
    });

    test("sees the cells that are none", () => {
      expect(joined(numbers([[1, 2]]), numbers([[null, Number.NaN]])).values).toEqual([[1, 2], [null, Number.NaN]]);
      expect(() => joined(numbers([[1, 2]]), numbers([["x", 4]]))).toThrow(/Column "a" cannot be joined/);
    });
  });

  test("parts own their memory", () => {
    const part = DataFrame.from({ a: Float64Array.of(1, 2, 3) });
    const { batch, indices } = frames.batchesToBatch([part, part], 0);
    const [first] = frames.batchToBatches(batch, indices, 0);
    expect((DataFrame.from(first!).table.columns[0]?.data as Float64Array).buffer.byteLength).toBe(24);
  });

  test("other columns and dtypes are refused by name, a column of nulls takes the dtype of the others", () => {
    const join = (...parts: Parameters<typeof DataFrame.from>[0][]) => () => frames.batchesToBatch(parts.map((part) => DataFrame.from(part)), 0);
    expect(join({ a: [1] }, { b: [1] })).toThrow(/"a" is in the first and not in another/);
    expect(join({ a: [1] }, { a: [1], b: [1] })).toThrow(/"b" is not in the first/);
    expect(join({ a: [1] }, { a: ["x"] })).toThrow(/Column "a" cannot be joined: it is of dtype float64 in one frame and string/);
    expect(join({ a: ["x"], b: [1] }, { b: [2], a: [null] })().batch.values).toEqual([["x", 1], [null, 2]]);
    expect(() => frames.batchesToBatch([], 0)).toThrow(InvalidArgumentError);
  });

  test("only rows are joined, and indices must fit", () => {
    const frame = DataFrame.from({ a: [1, 2, 3] });
    expect(() => frames.getBatchSize(frame, 1)).toThrow(/dim 0, not 1/);
    for (const indices of [[0, 2], [0, 4], [1, 3], [0, 2, 1, 3], [0, 1.5, 3], []]) {
      expect(() => frames.batchToBatches(frame, indices, 0)).toThrow(InvalidArgumentError);
    }
  });
});

describe("the caller's class", () => {
  const rows = [
    [1.5, "x", true],
    [Number.NaN, null, false],
  ];
  const options = { columns: ["f", "s", "b"], dtypes: ["float32", "string", "boolean"], index: ["p", "q"] };
  const foreign = (): ForeignFrame => new ForeignFrame(rows, options);

  test("comes back from a worker, which has ours", () => {
    const there = frames.fromPayload(otherThread(frames.toPayload(foreign())));
    expect(DataFrame.isDataFrame(there)).toBe(true);
    expect(there.dtypes).toEqual(["float64", "string", "bool"]);
    const answer = DataFrame.from(there).withColumns({ score: [0.25, 3] });
    const back = frames.fromPayload(otherThread(frames.toPayload(answer)));
    expect(back).toBeInstanceOf(ForeignFrame);
    expect(seen(back)).toEqual({ columns: ["score"], dtypes: ["float32"], index: ["p", "q"], values: [[0.25], [3]] });
    const same = frames.fromPayload(otherThread(frames.toPayload(there)));
    expect(seen(same)).toEqual(seen(foreign()));
  });

  test("comes back for each of those who shared a batch", () => {
    const callers = [foreign(), DataFrame.from({ f: [2.5], s: ["y"], b: [true] }), foreign(), foreign()];
    const arrived = callers.map((frame) => frames.fromPayload(otherThread(frames.toPayload(frame))));
    const { batch, indices } = frames.batchesToBatch(arrived, 0);
    const whole = frames.fromPayload(otherThread(frames.toPayload(batch)));
    expect(DataFrame.isDataFrame(whole)).toBe(true);
    const parts = frames.batchToBatches(whole, indices, 0);
    expect(parts.map((part) => part.constructor)).toEqual([ForeignFrame, DataFrame, ForeignFrame, ForeignFrame]);
    for (const [part, frame] of parts.entries()) expect(seen(frame)).toEqual(seen(callers[part] as FrameLike));
  });

  test("comes back when one call was run in several parts", () => {
    const parts = frames.batchToBatches(foreign(), [0, 1, 2], 0);
    expect(parts.map((part) => [part.constructor, part.index])).toEqual([[ForeignFrame, ["p"]], [ForeignFrame, ["q"]]]);
    const { batch } = frames.batchesToBatch(parts, 0);
    expect(batch).toBeInstanceOf(ForeignFrame);
    expect(seen(batch)).toEqual(seen(foreign()));
  });

  test("is not there for labels that it cannot hold", () => {
    const { batch } = frames.batchesToBatch([foreign(), foreign()], 0);
    expect(DataFrame.isDataFrame(batch)).toBe(true);
    expect(batch.index).toEqual(["p", "q", "p", "q"]);
  });

  test("of an empty frame is kept too", () => {
    const empty = new ForeignFrame([], { columns: ["f"], dtypes: ["int32"] });
    expect(frames.fromPayload(frames.toPayload(empty))).toBeInstanceOf(ForeignFrame);
    const { batch } = frames.batchesToBatch([empty, DataFrame.from({ f: [2] }), empty], 0);
    const parts = frames.batchToBatches(batch, [0, 0, 1, 1], 0);
    expect(parts.map((part) => part.constructor)).toEqual([ForeignFrame, DataFrame, ForeignFrame]);
  });

  test("of a series made of a frame is found by the frame", () => {
    const frame = DataFrame.from(foreign());
    const back = series.fromPayload(series.toPayload(frame.column("s")));
    expect(back).toBeInstanceOf(ForeignSeries);
    expect(seen(back)).toEqual({ columns: ["s"], dtypes: ["string"], index: ["p", "q"], values: ["x", null] });
  });
});

test("series are batches of their length, whatever their names", () => {
  const parts = [Series.from([1, 2], { name: "a" }), Series.from([3], { name: "b" }), Series.from([], { name: "c" })];
  const { batch, indices } = series.batchesToBatch(parts, 0);
  expect(seen(batch)).toEqual({ columns: ["a"], dtypes: ["float64"], index: [0, 1, 0], values: [1, 2, 3] });
  expect(indices).toEqual([0, 2, 3, 3]);
  expect(series.batchToBatches(batch, indices, 0).map(({ values }) => values)).toEqual([[1, 2], [3], []]);
  const foreign = new ForeignSeries([1, 2], { columns: ["n"], dtypes: ["int32"] });
  expect(seen(series.fromPayload(series.toPayload(foreign)))).toEqual(seen(foreign));
});
