import { InvalidArgumentError } from "bentoml-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryFrames } from "./arbitrary-frame.testing.js";
import { DataFrame } from "./data-frame.js";
import { frameRegistration } from "./data-frame-container.js";
import { ForeignFrame } from "./foreign-frame.testing.js";
import { seriesRegistration } from "./series-container.js";

const { container: frames } = frameRegistration;
const payload = (...buffers: Uint8Array[]) => ({ container: "DataFrameContainer", meta: {}, batchSize: 1, buffers });

/** Everything that a reader of the frame would touch. */
function readAll(frame: DataFrame): void {
  expect(frame.values).toHaveLength(frame.index.length);
}

test("bytes that are cut or changed are a frame or an InvalidArgumentError, and never anything else", () => {
  fc.assert(
    fc.property(arbitraryFrames, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), fc.option(fc.nat()), ([frame], changes, cut) => {
      const bytes = (frame as DataFrame).toArrow();
      for (const [place, value] of changes) bytes[place % bytes.length] = value;
      try {
        readAll(DataFrame.from(frames.fromPayload(payload(cut === null ? bytes : bytes.subarray(0, cut % bytes.length)))));
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidArgumentError);
      }
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ["nothing", []],
  ["two buffers", [DataFrame.from({ a: [1] }).toArrow(), new Uint8Array(1)]],
  ["text", [Buffer.from("a,b\n1,2\n")]],
  ["no bytes", [new Uint8Array(0)]],
])("a payload of %s is refused", (_what, buffers) => {
  expect(() => frames.fromPayload(payload(...buffers))).toThrow(InvalidArgumentError);
});

test("origins that do not fit are refused, and unknown tokens stay ours", () => {
  const written = frames.toPayload(new ForeignFrame([[1]], { columns: ["a"] }));
  const changed = (from: RegExp, to: string) => payload(Buffer.from(Buffer.from(written.buffers[0] as Uint8Array).toString("latin1").replace(from, to), "latin1"));
  expect(() => frames.fromPayload(changed(/"rows":1/, '"rows":2'))).toThrow(/origins of a frame of 1 rows are those of 2/);
  expect(() => frames.fromPayload(changed(/"rows":1/, '"rowz":1'))).toThrow(/no \{ token, rows \}/);
  expect(DataFrame.isDataFrame(frames.fromPayload(changed(/"token":"../, '"token":"zz')))).toBe(true);
});

test("a series has one column", () => {
  const { container } = seriesRegistration;
  expect(() => container.fromPayload({ ...payload(DataFrame.from({ a: [1], b: [2] }).toArrow()), container: "SeriesContainer" })).toThrow(/has 2 columns/);
});
