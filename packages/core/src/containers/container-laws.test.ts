import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidArgumentError } from "../errors/index.js";
import { NdArray } from "../ndarray/index.js";
import { joinableArrays, arrayOf } from "./arbitrary-array.testing.js";
import { autoContainer, defaultContainer, defaultRegistry, namedTensorsContainer, ndArrayContainer, Params, type DataContainer, type Payload } from "./index.js";

interface Joinable {
  readonly values: readonly unknown[];
  readonly dim: number;
}

interface Case {
  readonly container: DataContainer;
  readonly joinable: fc.Arbitrary<Joinable>;
  /** Whether its values are sent as one payload. */
  readonly sends: boolean;
}

const payloadOf = (value: unknown, dim: number): Payload => autoContainer.toPayload(value, dim) as Payload;

const arrays = joinableArrays.map(({ arrays: values, dim }) => ({ values, dim }));
const lists = fc.array(fc.array(fc.oneof(fc.string(), fc.double(), fc.bigInt(), fc.record({ a: fc.nat() }))), { minLength: 1, maxLength: 5 }).map((values) => ({ values, dim: 0 }));
const sizes = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 4 });
const records = sizes.chain((all) => fc.tuple(...all.map((size) => fc.record({ x: arrayOf("int16", [size, 2]), s: arrayOf("string", [size]) })))).map((values) => ({ values, dim: 0 }));
const payloads = fc.oneof(arrays, lists, records).map(({ values, dim }) => ({ values: values.map((value) => payloadOf(value, dim)), dim }));

/** Calls with a tensor by position, a list by keyword, and a side argument; any of them may come as a payload. */
const calls = fc.tuple(sizes, fc.double(), fc.array(fc.boolean(), { minLength: 3, maxLength: 3 })).chain(([all, side, packed]) => {
  const argument = (value: unknown, place: number): unknown => (packed[place] === true ? payloadOf(value, 0) : value);
  const call = (size: number): fc.Arbitrary<Params> =>
    arrayOf("float64", [size, 1]).map((array) => new Params([argument(array, 0)], { texts: argument(new Array<string>(size).fill("é"), 1), side: argument(side, 2) }));
  return fc.tuple(...all.map(call)).map((values) => ({ values, dim: 0 }));
});

const cases: Case[] = [
  { container: ndArrayContainer, joinable: arrays, sends: true },
  { container: namedTensorsContainer, joinable: records, sends: true },
  { container: defaultContainer, joinable: lists, sends: true },
  { container: autoContainer, joinable: fc.oneof(arrays, lists, records), sends: true },
  { container: defaultRegistry.findByName("PayloadContainer"), joinable: payloads, sends: false },
  { container: defaultRegistry.findByName("ParamsContainer"), joinable: calls, sends: false },
];

/** Bytes compared as bytes, whatever memory they lie in. */
function shown(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (NdArray.isNdArray(value) || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(shown);
  return Object.entries(value).map(([name, inner]) => [name, shown(inner)]);
}

describe.each(cases)("$container.name", ({ container, joinable, sends }) => {
  test("join then split is the identity", () => {
    fc.assert(
      fc.property(joinable, ({ values, dim }) => {
        const { batch, indices } = container.batchesToBatch(values, dim);
        expect(shown(container.batchToBatches(batch, indices, dim))).toEqual(shown(values));
      }),
    );
  });

  test("indices are the cumulative batch sizes from 0", () => {
    fc.assert(
      fc.property(joinable, ({ values, dim }) => {
        const { batch, indices } = container.batchesToBatch(values, dim);
        let end = 0;
        expect(indices).toEqual([0, ...values.map((value) => (end += container.getBatchSize(value, dim)))]);
        expect(container.getBatchSize(batch, dim)).toBe(end);
      }),
    );
  });

  test("a wrong total is an error, never a short answer", () => {
    fc.assert(
      fc.property(joinable, fc.constantFrom(-1, 1, 7), ({ values, dim }, more) => {
        const { batch, indices } = container.batchesToBatch(values, dim);
        const wrong = [...indices.slice(0, -1), (indices.at(-1) as number) + more];
        expect(() => container.batchToBatches(batch, wrong, dim)).toThrow(InvalidArgumentError);
        expect(() => container.batchToBatches(batch, [...indices, ...wrong], dim)).toThrow(InvalidArgumentError);
      }),
    );
  });

  if (sends) {
    test("a payload gives the value back, and the payloads of a batch the batch and its indices", async () => {
      await fc.assert(
        fc.asyncProperty(joinable, async ({ values, dim }) => {
          const { batch, indices } = container.batchesToBatch(values, dim);
          const payload = await container.toPayload(batch, dim);
          expect(payload.batchSize).toBe(indices.at(-1));
          expect(await container.fromPayload(payload)).toEqual(batch);
          expect(await container.fromBatchPayloads(await container.batchToPayloads(batch, indices, dim), dim)).toEqual({ batch, indices });
        }),
      );
    });
  } else {
    test("its values are not sent as one payload", () => {
      fc.assert(
        fc.property(joinable, ({ values, dim }) => {
          expect(() => container.toPayload(values[0], dim)).toThrow(InvalidArgumentError);
        }),
        { numRuns: 5 },
      );
    });
  }
});
