import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidArgumentError, ModelRunError } from "../errors/index.js";
import { autoContainer, Params, type Payload } from "../containers/index.js";
import { NdArray } from "../ndarray/index.js";
import { anyPayload, contentOfPayload, joined } from "./arbitrary-payload.testing.js";
import { defaultFrameLimits, encodeStreamFrame, StreamDecoder, type Frame, type StreamEvent } from "./index.js";

const item = (payload: Payload): Frame => ({ kind: "payloads", payloads: new Params([payload]) });
const streamOf = (...frames: Frame[]): Uint8Array => joined(frames.flatMap(encodeStreamFrame));
const shownEvent = (event: StreamEvent): unknown => (event.kind === "item" ? contentOfPayload(event.payload) : event.kind);

/** The bytes in chunks that end at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.byteLength + 1))), bytes.byteLength].sort((left, right) => left - right);
  return ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end));
}

test("items and the end come out whole and in order, wherever the chunks are cut", () => {
  fc.assert(
    fc.property(fc.array(anyPayload, { maxLength: 4 }), fc.array(fc.nat({ max: 5000 }), { maxLength: 12 }), (payloads, places) => {
      const decoder = new StreamDecoder();
      const events = cut(streamOf(...payloads.map(item), { kind: "end" }), places).flatMap((chunk) => decoder.push(chunk));
      expect(events.map(shownEvent)).toEqual([...payloads.map(contentOfPayload), "end"]);
      decoder.finish();
    }),
    { numRuns: 300 },
  );
});

test("one byte at a time", () => {
  const payload = autoContainer.toPayload(NdArray.from([[1, 2], [3, 4]]), 0) as Payload;
  const decoder = new StreamDecoder();
  const events: StreamEvent[] = [];
  for (const byte of streamOf(item(payload), { kind: "end" })) events.push(...decoder.push(Uint8Array.of(byte)));
  expect(events.map(shownEvent)).toEqual([contentOfPayload(payload), "end"]);
});

test("an event comes with the chunk that completes it, not later", () => {
  const payload = autoContainer.toPayload("token", 0) as Payload;
  const decoder = new StreamDecoder();
  const bytes = streamOf(item(payload));
  expect(decoder.push(bytes.subarray(0, -1))).toEqual([]);
  expect(decoder.push(bytes.subarray(-1))).toHaveLength(1);
  expect(decoder.push(bytes)).toHaveLength(1);
});

test("a frame that lies in one chunk is a view on it, another one is at a multiple of 8 of its own memory", () => {
  const payload = autoContainer.toPayload(NdArray.from([0.5], "float64"), 0) as Payload;
  const bytes = streamOf(item(payload));
  const bufferOf = (events: StreamEvent[]): Uint8Array => (events[0] as Extract<StreamEvent, { kind: "item" }>).payload.buffers[0] as Uint8Array;
  expect(bufferOf(new StreamDecoder().push(bytes)).buffer).toBe(bytes.buffer);
  const decoder = new StreamDecoder();
  decoder.push(bytes.subarray(0, 3));
  const collected = bufferOf(decoder.push(bytes.subarray(3)));
  expect([collected.byteOffset % 8, collected.buffer.byteLength]).toEqual([0, bytes.byteLength]);
});

test("an error ends the stream after the items before it, with its class and message", () => {
  const decoder = new StreamDecoder();
  const events = decoder.push(streamOf(item(autoContainer.toPayload(1, 0) as Payload), { kind: "error", error: new ModelRunError("engine stopped") }));
  expect(events.map(({ kind }) => kind)).toEqual(["item", "error"]);
  expect((events[1] as { error: unknown }).error).toBeInstanceOf(ModelRunError);
  expect(() => decoder.finish()).not.toThrow();
  expect(() => decoder.push(Uint8Array.of(0))).toThrow(/1 bytes come after the end of the stream/);
});

test("a stream that is cut off is an error, not an end", () => {
  const bytes = streamOf(item(autoContainer.toPayload(1, 0) as Payload), { kind: "end" });
  for (const length of [0, 5, 30, bytes.byteLength - 1]) {
    const decoder = new StreamDecoder();
    decoder.push(bytes.subarray(0, length));
    expect(() => decoder.finish()).toThrow(/stops without its end frame/);
  }
});

const prefixed = (length: bigint, ...bytes: number[]): Uint8Array => Buffer.concat([new Uint8Array(BigUint64Array.of(length).buffer), Uint8Array.from(bytes)]);

test.each<[string, Uint8Array, RegExp]>([
  ["bytes after the end", Buffer.concat([streamOf({ kind: "end" }), Uint8Array.of(1)]), /1 bytes come after the end/],
  ["a frame that is too long", prefixed(1n << 40n), /1099511627776 bytes of a frame, but 1073741824 is the most \(maxFrameBytes\)/],
  ["a length of 64 bits", prefixed(0xffff_ffff_ffff_ffffn), /is the most/],
  ["a frame that is too short", prefixed(8n), /a frame of 8 bytes is none/],
  ["an odd length", prefixed(17n), /multiple of 8/],
  ["what is no frame", prefixed(16n, ...new Array<number>(16).fill(7)), /does not begin with "BMLF"/],
  ["two payloads in one item", streamOf({ kind: "payloads", payloads: new Params([autoContainer.toPayload(1, 0) as Payload, autoContainer.toPayload(2, 0) as Payload]) }), /one payload by position, not 2/],
  ["an item by keyword", streamOf({ kind: "payloads", payloads: new Params<Payload>([], { x: autoContainer.toPayload(1, 0) as Payload }) }), /one payload by position/],
])("%s: the stream is refused, and lost", (_what, bytes, message) => {
  const decoder = new StreamDecoder();
  expect(() => decoder.push(bytes)).toThrow(InvalidArgumentError);
  expect(() => decoder.push(Uint8Array.of(1))).toThrow(InvalidArgumentError);
  expect(() => new StreamDecoder().push(bytes)).toThrow(message);
});

test("memory grows with what has come, not with what a frame declares", () => {
  const before = process.memoryUsage().arrayBuffers;
  const decoders = Array.from({ length: 50 }, () => new StreamDecoder());
  for (const decoder of decoders) {
    decoder.push(prefixed(BigInt(defaultFrameLimits.maxFrameBytes)));
    for (let chunk = 0; chunk < 10; chunk++) decoder.push(new Uint8Array(100));
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
});
