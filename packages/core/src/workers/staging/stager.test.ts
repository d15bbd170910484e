import fc from "fast-check";
import { expect, test } from "vitest";
import { kwargs, Params } from "../../containers/index.js";
import { NdArray } from "../../ndarray/index.js";
import { BatchArguments, FramedRows, SharedRows } from "../entry/index.js";
import { RowSender } from "../pool/index.js";
import { FrameReader, WarmMemory, batchFrame, readToProcess, type RunBatch } from "../wire/index.js";
import { Stager, type StagedArguments } from "./stager.js";

const rows = (...values: number[]): NdArray => new NdArray("float32", [values.length, 1], Float32Array.from(values));

function stager(maxBatchSize = 4, batchable = true): { stager: Stager; dropped: number[] } {
  const dropped: number[] = [];
  return { stager: new Stager({ batchable, batchDim: 0 }, maxBatchSize, ({ id }) => dropped.push(id)), dropped };
}

const stage = (from: Stager, ...args: unknown[]): StagedArguments => from.stage(Params.of(...args)) as StagedArguments;

/** What a worker makes of calls that were staged one after the other. */
async function gathered(calls: readonly StagedArguments[]): Promise<Params> {
  const [first] = calls as readonly [StagedArguments];
  const blocks = new Set(calls.flatMap(({ block }) => (block === undefined ? [] : [block])));
  const message: RunBatch = {
    type: "run",
    batch: 1,
    method: "m",
    items: calls.reduce((sum, { items }) => sum + items, 0),
    layout: first.layout.id,
    newLayout: structuredClone(first.layout.description),
    segments: calls.flatMap(({ block, firstRow, items }) => (block === undefined ? [] : [block.id, firstRow, items])),
    newBlocks: [...blocks].map(({ id, capacity, memory }) => ({ id, capacity, memory })),
    droppedBlocks: [],
    payloads: first.payloads.map((_, slot) => calls.map(({ payloads }) => payloads[slot] as never)),
    newContainers: undefined,
    requestIds: [],
    traceContexts: [],
    deadline: undefined,
  };
  const params = await new BatchArguments(new SharedRows()).gather(message).params();
  expect(await inProcess(message)).toEqual(params);
  return params;
}

/** What a worker process makes of the same batch, which came in chunks that are cut anywhere. */
async function inProcess(message: RunBatch): Promise<Params | undefined> {
  const { parts, pieces } = new RowSender().partsOf(message);
  const memory = new WarmMemory();
  let read: Promise<Params> | undefined;
  const reader = new FrameReader({
    memoryFor: (bytes) => memory.take(bytes),
    onFrame: (frame, length) => {
      const received = readToProcess(frame, length);
      if (received.type === "run") read = new BatchArguments(new FramedRows(memory)).gather(received).params();
    },
  });
  const bytes = Buffer.concat(batchFrame(message, parts, pieces));
  for (let start = 0; start < bytes.byteLength; ) {
    const size = Math.min(1 + ((start * 31) % 97), reader.room.byteLength, bytes.byteLength - start);
    const chunk = bytes.subarray(start, start + size);
    // Both ways of the reader, by turns: bytes that were read to their place, and bytes that came.
    if (start % 2 === 0) reader.push(chunk);
    else {
      reader.room.set(chunk);
      reader.filled(size);
    }
    start += size;
  }
  return read;
}

test("calls of one layout share a key; another dtype, dim, name or side argument makes another", () => {
  const { stager: own } = stager();
  const base = stage(own, { x: rows(1) });
  expect(stage(own, { x: rows(2, 3) }).key).toBe(base.key);
  const others = [
    stage(own, { x: new NdArray("float64", [1, 1], Float64Array.of(1)) }),
    stage(own, { x: new NdArray("float32", [1, 2], Float32Array.of(1, 2)) }),
    stage(own, { y: rows(1) }),
    stage(own, rows(1)),
    stage(own, { x: rows(1) }, 0.5),
    stage(own, { x: rows(1) }, 0.7),
    own.stage(kwargs({ x: rows(1) })) as StagedArguments,
  ];
  expect(new Set([base, ...others].map(({ key }) => key)).size).toBe(8);
  expect(stage(own, { x: rows(1) }, 0.5).key).toBe(others[4]?.key);
});

test("values of different containers never share a batch: no container could join them", () => {
  const { stager: own } = stager();
  const texts = new NdArray("string", [1], ["a"]);
  const list = stage(own, ["a"]);
  expect(stage(own, texts).key).not.toBe(list.key);
  expect(stage(own, ["b", "c"]).key).toBe(list.key);
  expect(stage(own, new NdArray("string", [2], ["b", "c"])).key).toBe(stage(own, texts).key);
});

test("the input is read at the call: what the caller writes later is not seen", async () => {
  const { stager: own } = stager();
  const input = rows(1, 2);
  const list = ["a"];
  const staged = stage(own, input, list.concat("b"));
  (input.data as Float32Array).fill(9);
  list[0] = "changed";
  const params = await gathered([staged]);
  expect((params.args[0] as NdArray).toNested()).toEqual([[1], [2]]);
  expect(params.args[1]).toEqual(["a", "b"]);
});

test("a block is filled again from the start when its last call is settled, and dropped when too many are free", () => {
  const { stager: own, dropped } = stager(1);
  const first = stage(own, rows(1));
  const second = stage(own, rows(2));
  expect(second.block).toBe(first.block);
  const third = stage(own, rows(3));
  expect(third.block).not.toBe(first.block);
  own.release(first);
  own.release(second);
  const many = Array.from({ length: 40 }, (_, index) => stage(own, rows(index)));
  for (const call of many) own.release(call);
  own.release(third);
  expect(dropped.length).toBeGreaterThan(5);
  expect(new Set(many.map(({ block }) => block)).size).toBeLessThanOrEqual(21);
});

const memoryOf = ({ payloads: [payload] }: StagedArguments): ArrayBufferLike | undefined => payload?.buffers.at(-1)?.buffer;

test("large bytes lie in shared memory, which a later call gets when nobody reads it any more", async () => {
  const { stager: own } = stager(4, false);
  const file = (value: number): Uint8Array[] => [new Uint8Array(100_000).fill(value)];
  const first = stage(own, file(1));
  expect(memoryOf(first)).toBeInstanceOf(SharedArrayBuffer);
  own.release(first);
  const second = stage(own, file(2));
  expect(memoryOf(second)).toBe(memoryOf(first));
  expect((await gathered([second])).args).toEqual([file(2)]);
  // Its caller has given it up, but a worker may be about to read it.
  second.loan?.hold();
  own.release(second);
  expect(memoryOf(stage(own, file(3)))).not.toBe(memoryOf(second));
  second.loan?.letGo();
  expect(memoryOf(stage(own, file(4)))).toBe(memoryOf(second));
});

test("the bytes of a stream, which may never begin, are its own", () => {
  const own = new Stager({ batchable: false, batchDim: 0, inRows: false }, 1, () => undefined);
  expect(memoryOf(stage(own, [new Uint8Array(100_000)]))).toBeInstanceOf(ArrayBuffer);
});

test("arguments of different batch sizes are refused with the numbers", () => {
  const { stager: own } = stager();
  expect(() => stage(own, rows(1, 2), rows(1))).toThrow(/do not match.*\{0: 2, 1: 1\}/);
  expect(() => stage(own, { a: rows(1, 2), b: rows(1) })).toThrow(/"a" has 2 and "b" has 1/);
});

test("whatever the shapes, dtypes and cuts: a worker sees the rows of the calls, in order", async () => {
  const dtype = fc.constantFrom("float32" as const, "float64" as const, "int8" as const, "bool" as const, "uint16" as const);
  const layout = fc.array(fc.record({ dtype, rowShape: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }) }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(layout, fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 }), async (columns, sizes) => {
      const { stager: own } = stager(8);
      let next = 0;
      const calls = sizes.map((items) => {
        const record: Record<string, NdArray> = {};
        columns.forEach((column, index) => {
          const array = NdArray.zeros(column.dtype, [items, ...column.rowShape]);
          for (let element = 0; element < array.size; element++) (array.data as Float32Array)[element] = column.dtype === "bool" ? next++ % 2 : next++ % 100;
          record[`c${String(index)}`] = array;
        });
        return { record, staged: stage(own, record) };
      });
      const [seen] = (await gathered(calls.map(({ staged }) => staged))).args as [Record<string, NdArray>];
      columns.forEach((_, index) => {
        const name = `c${String(index)}`;
        const expected = NdArray.concat(calls.map(({ record }) => record[name] as NdArray), 0);
        expect(seen[name]?.shape).toEqual(expected.shape);
        expect(Array.from(seen[name]?.data as Float32Array)).toEqual(Array.from(expected.data as Float32Array));
      });
    }),
    { numRuns: 100 },
  );
});
