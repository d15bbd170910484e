import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidArgumentError } from "../errors/index.js";
import { NdArray } from "../ndarray/index.js";
import { anyArray } from "./arbitrary-array.testing.js";
import { defaultContainer as container, type Payload } from "./index.js";

async function roundTrip(value: unknown): Promise<unknown> {
  return container.fromPayload(await container.toPayload(value, 0));
}

/** Names that break naive writers: our tag, prototypes, names of integers. */
const oddName = fc.constantFrom("$", "__proto__", "constructor", "toJSON", "0", "");

const plainValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(fc.string({ unit: "binary" }), fc.double(), fc.boolean(), fc.constantFrom(null, undefined, NaN, -0), fc.bigInt(), fc.date({ noInvalidDate: false })),
    fc.oneof(anyArray, fc.float32Array(), fc.uint8ClampedArray(), fc.bigInt64Array(), fc.uint16Array()),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(fc.oneof(fc.string(), oddName), tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries) as unknown),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => new Set(items)),
  ),
})).value;

/** Own properties by name, with "__proto__" too, which equality by assignment would miss. */
function described(value: unknown): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof Date || NdArray.isNdArray(value)) return value;
  if (Array.isArray(value)) return value.map(described);
  if (value instanceof Map) return { map: [...value].map(described) };
  if (value instanceof Set) return { set: [...value].map(described) };
  return { prototype: Object.getPrototypeOf(value) === Object.prototype, entries: Object.entries(value).map(described) };
}

test("a payload gives the same value back", async () => {
  await fc.assert(
    fc.asyncProperty(plainValue, async (value) => {
      expect(described(await roundTrip(value))).toEqual(described(value));
    }),
    { numRuns: 1000 },
  );
});

test("depth is limited, length is not", async () => {
  const records = Array.from({ length: 5000 }, (_unused, id) => ({ id, tags: [new Set([id])] }));
  expect(await roundTrip(records)).toEqual(records);
});

test("bytes at odd addresses are read as well", () => {
  const payload = container.toPayload({ x: Float64Array.of(0.5), y: NdArray.from(["é", ""]) }, 0) as Payload;
  const buffers = payload.buffers.map((bytes) => {
    const moved = new Uint8Array(bytes.byteLength + 1);
    moved.set(bytes, 1);
    return moved.subarray(1);
  });
  expect(container.fromPayload({ ...payload, buffers })).toEqual({ x: Float64Array.of(0.5), y: NdArray.from(["é", ""]) });
});

test("arrays are views on the caller's memory in the payload, and the text is in the first buffer", () => {
  const x = Float32Array.of(1, 2);
  const { meta, batchSize, buffers } = container.toPayload([x, "a"], 0) as Payload;
  expect([meta, batchSize, buffers.length]).toEqual([{}, 2, 2]);
  expect(new TextDecoder().decode(buffers[0])).toBe('[{"$":"typed","class":"Float32Array","buffer":1},"a"]');
  expect(buffers[1]!.buffer).toBe(x.buffer);
});

test("what has no exact equal on the other side becomes the nearest plain thing", async () => {
  expect(await roundTrip(Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 });
  const bytes = (await roundTrip([Buffer.from("ab")])) as Uint8Array[];
  expect(bytes[0]!.constructor).toBe(Uint8Array);
  // eslint-disable-next-line no-sparse-arrays
  expect(await roundTrip([1, , 3])).toStrictEqual([1, undefined, 3]);
});

test("generators are drained to a list", async () => {
  function* fruits(): Generator<string> {
    yield* ["apple", "banana", "cherry"];
  }
  async function* slowFruits(): AsyncGenerator<string> {
    yield* fruits();
  }
  for (const generator of [fruits(), slowFruits(), ["apple", "banana", "cherry"].values()]) {
    const payload = await container.toPayload(generator, 0);
    expect(payload.batchSize).toBe(3);
    expect(container.fromPayload(payload)).toEqual(["apple", "banana", "cherry"]);
  }
});

class Point {
  readonly x = 1;
}
class OrderedMap extends Map {}
const cyclic: { rows: unknown[] } = { rows: [] };
cyclic.rows.push([cyclic]);
let deep: unknown = 1;
for (let level = 0; level < 600; level++) deep = [deep];

test.each<[string, unknown, RegExp]>([
  ["a function", { rows: [1, { "odd name": () => 1 }] }, /^value\.rows\[1\]\["odd name"\] is a function, which cannot be sent/],
  ["a symbol", [Symbol("s")], /^value\[0\] is a symbol/],
  ["a class instance", { p: new Point() }, /^value\.p is an instance of Point, .*register a container/],
  ["a subclass of Map", new OrderedMap(), /^value is an instance of OrderedMap/],
  ["an Error", [new TypeError("x")], /^value\[0\] is an instance of TypeError/],
  ["a regular expression", /x/, /^value is an instance of RegExp/],
  ["a promise", [Promise.resolve()], /^value\[0\] is an instance of Promise/],
  ["an ArrayBuffer", new ArrayBuffer(1), /^value is an instance of ArrayBuffer/],
  ["a DataView", [new DataView(new ArrayBuffer(1))], /^value\[0\] is a DataView/],
  ["a generator inside", { g: [].values() }, /^value\.g is an instance of/],
  ["a symbol for a name", { a: { [Symbol("s")]: 1 } }, /^value\.a is a record with a symbol for a name/],
  ["a value of a Map", new Map([["k", () => 1]]), /^value\.get\("k"\) is a function/],
  ["a value of an odd key of a Map", new Map([[{}, () => 1]]), /^value\.get\(keys\(\)\[0\]\) is a function/],
  ["a key of a Map", new Map([[() => 1, 1]]), /^value\.keys\(\)\[0\] is a function/],
  ["an item of a Set", new Set([1, () => 1]), /^value\.values\(\)\[1\] is a function/],
  ["a cycle", cyclic, /^value\.rows\[0\]\[0\] is a value that contains itself/],
  ["depth", deep, /more than 500 levels deep/],
])("%s is refused by its path", (_what, value, message) => {
  expect(() => container.toPayload(value, 0)).toThrow(InvalidArgumentError);
  expect(() => container.toPayload(value, 0)).toThrow(message);
});

test("a value that appears twice is no cycle", async () => {
  const shared = { a: [1] };
  expect(await roundTrip([shared, shared])).toEqual([shared, shared]);
});

test("lists join by concatenation and split back, with the numbers of the Python original", async () => {
  const { batch, indices } = container.batchesToBatch([[1, 2, 3], [3, 4, 5, 6]], 0);
  expect([batch, indices]).toEqual([[1, 2, 3, 3, 4, 5, 6], [0, 3, 7]]);
  expect(container.batchToBatches(batch, indices, 0)).toEqual([[1, 2, 3], [3, 4, 5, 6]]);
  const payloads = await container.batchToPayloads(batch, indices, 0);
  expect(payloads.map((payload) => payload.batchSize)).toEqual([3, 4]);
  expect(await container.fromBatchPayloads(payloads, 0)).toEqual({ batch, indices });
});

test("join then split of lists is the identity; items that are lists stay whole", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.array(fc.integer())), { minLength: 1 }), (lists) => {
      const { batch, indices } = container.batchesToBatch(lists, 0);
      expect(container.batchToBatches(batch, indices, 0)).toEqual(lists);
    }),
  );
});

test("D7b: only lists are joined, only along dim 0, and never cut short", () => {
  for (const dim of [1, 19]) {
    expect(() => container.batchesToBatch([[1]], dim)).toThrow(/only be joined along dim 0, not/);
    expect(() => container.batchToBatches([1], [0, 1], dim)).toThrow(/only be joined along dim 0, not/);
    expect(() => container.getBatchSize([1], dim)).toThrow(/only be joined along dim 0, not/);
  }
  for (const value of ["abc", { a: 1 }, 5, null, new Set([1])]) {
    expect(() => container.batchesToBatch([[1], value], 0)).toThrow(/Only lists can be joined/);
    expect(container.getBatchSize(value, 0)).toBe(1);
  }
  expect(() => container.batchToBatches([1, 2, 3], [0, 2], 0)).toThrow(/size that is split, 3, but is 2/);
  expect(() => container.batchToBatches([1, 2], [0, 2, 3], 0)).toThrow(/size that is split, 2, but is 3/);
});

function textPayload(text: string, ...buffers: Uint8Array[]): Payload {
  return { container: container.name, meta: {}, batchSize: 1, buffers: [new TextEncoder().encode(text), ...buffers] };
}

test.each<[string, string, RegExp]>([
  ["text that is no JSON", "{", /first buffer is not JSON/],
  ["an unknown tag", '{"$":"function"}', /unknown tag "function"/],
  ["a tag that is no string", '{"$":{}}', /unknown tag/],
  ["a record that sets its prototype", '[{"__proto__":{"x":1}}]', /sets "__proto__"/],
  ["a decimal bigint", '{"$":"bigint","hex":"0x1"}', /bigint is not hexadecimal/],
  ["a bigint without digits", '{"$":"bigint"}', /bigint is not hexadecimal/],
  ["an odd number", '{"$":"number","value":"1"}', /"1" is not a special number/],
  ["an odd date", '{"$":"date","ms":"now"}', /date is not a number/],
  ["a map without entries", '{"$":"map"}', /list is missing/],
  ["a map with odd entries", '{"$":"map","entries":[[1]]}', /entry is not a pair/],
  ["a set without items", '{"$":"set","items":{}}', /list is missing/],
  ["a record with odd names", '{"$":"record","entries":[[1,2]]}', /name is not a string/],
  ["a buffer that is not there", '{"$":"typed","class":"Int8Array","buffer":2}', /buffer 2 is not one of its 2/],
  ["the text as a buffer", '{"$":"typed","class":"Int8Array","buffer":0}', /buffer 0 is not one/],
  ["half a buffer number", '{"$":"typed","class":"Int8Array","buffer":0.5}', /buffer 0.5 is not one/],
  ["a class that is no typed array", '{"$":"typed","class":"Function","buffer":1}', /class "Function", which this Node does not have/],
  ["part of an element", '{"$":"typed","class":"Int16Array","buffer":1}', /1 bytes, which is no multiple of 2/],
  ["an array of an unknown dtype", '{"$":"ndarray","dtype":"x","shape":[1],"buffer":1}', /unknown dtype "x"/],
  ["an array of strings without its second buffer", '{"$":"ndarray","dtype":"string","shape":[1],"buffer":1}', /buffer 1 is not one/],
  ["depth", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, /nested too deep/],
])("a payload with %s is refused", (_what, text, message) => {
  const payload = textPayload(text, Uint8Array.of(1));
  expect(() => container.fromPayload(payload)).toThrow(InvalidArgumentError);
  expect(() => container.fromPayload(payload)).toThrow(message);
});

test("a payload without text, or with bad UTF-8, is refused", () => {
  expect(() => container.fromPayload({ ...textPayload(""), buffers: [] })).toThrow(/not UTF-8 text/);
  expect(() => container.fromPayload({ ...textPayload(""), buffers: [Uint8Array.of(0xff)] })).toThrow(/not UTF-8 text/);
});

test("the text of a value never becomes another value by accident", async () => {
  const odd = { $: "undefined" };
  expect(await roundTrip(odd)).toEqual(odd);
  const proto = JSON.parse('{"__proto__":{"admin":true}}') as Record<string, unknown>;
  const back = (await roundTrip(proto)) as Record<string, unknown>;
  expect(back["admin"]).toBeUndefined();
  expect(Object.keys(back)).toEqual(["__proto__"]);
});
