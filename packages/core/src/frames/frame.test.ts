import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BentoMLError, DeadlineExceededError, InvalidArgumentError, ModelNotFoundError, ServiceUnavailableError, WorkerCrashedError } from "../errors/index.js";
import { autoContainer, Params, type Payload } from "../containers/index.js";
import { NdArray } from "../ndarray/index.js";
import { anyCall, contentOf, joined } from "./arbitrary-payload.testing.js";
import { decodeFrame, defaultFrameLimits, encodeFrame, type Frame, type FrameLimits } from "./index.js";

const frameOf = (call: Params<Payload>, offset = 0): Uint8Array => joined(encodeFrame({ kind: "payloads", payloads: call }), offset);
const payloadsOf = (frame: Frame): Params<Payload> => (frame as Extract<Frame, { kind: "payloads" }>).payloads;
const limited = (limits: Partial<FrameLimits>): FrameLimits => ({ ...defaultFrameLimits, ...limits });

describe("a frame of payloads", () => {
  test("gives them back, by position and keyword, at any address", () => {
    fc.assert(
      fc.property(anyCall, fc.nat({ max: 9 }), (call, offset) => {
        const decoded = payloadsOf(decodeFrame(frameOf(call, offset)));
        expect(contentOf(decoded)).toEqual(contentOf(call));
        expect(Object.getPrototypeOf(decoded.kwargs)).toBe(Object.prototype);
      }),
      { numRuns: 500 },
    );
  });

  test("has one writing only: encoding what was decoded gives the same bytes", () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        const bytes = frameOf(call);
        expect(bytes.byteLength % 8).toBe(0);
        expect(Buffer.from(frameOf(payloadsOf(decodeFrame(bytes))))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test("is written without copying the tensor's memory", async () => {
    const array = NdArray.zeros("float32", [3, 5]);
    const [payload, text] = [await autoContainer.toPayload(array, 0), await autoContainer.toPayload("abc", 0)];
    const parts = encodeFrame({ kind: "payloads", payloads: new Params([payload], { text }) });
    expect(parts.filter(({ buffer }) => buffer === (array.data).buffer)).toHaveLength(1);
    expect(parts).toContain(payload.buffers[0]);
    expect(parts).toContain(text.buffers[0]);
  });

  test("is read in place: tensors are views on the frame's memory when it begins at a multiple of 8", async () => {
    const values = [NdArray.from(["é"]), NdArray.from([1, 2, 3], "int8"), NdArray.from([1n, 2n]), NdArray.from([0.5], "float64")];
    const call = await autoContainer.paramsToPayloads(new Params(values), 0);
    const bytes = frameOf(call);
    const decoded = payloadsOf(decodeFrame(bytes));
    for (const { buffers } of decoded.args) {
      for (const view of buffers) expect([view.buffer === bytes.buffer, (view.byteOffset - bytes.byteOffset) % 8]).toEqual([true, 0]);
    }
    const read = await autoContainer.paramsFromPayloads(decoded);
    expect(read.args).toEqual(values);
    for (const array of read.args.slice(1) as NdArray[]) expect((array.data as Int8Array).buffer).toBe(bytes.buffer);
  });

  test("at another address its buffers are views all the same, and the container copies what cannot be read there", async () => {
    const values = [NdArray.from([1, 2, 3], "int8"), NdArray.from([0.5], "float64")];
    const bytes = frameOf(await autoContainer.paramsToPayloads(new Params(values), 0), 3);
    const decoded = payloadsOf(decodeFrame(bytes));
    for (const { buffers } of decoded.args) expect(buffers[0]?.buffer).toBe(bytes.buffer);
    const read = (await autoContainer.paramsFromPayloads(decoded)).args as NdArray[];
    expect(read).toEqual(values);
    expect((read[0]?.data as Int8Array).buffer).toBe(bytes.buffer);
    expect((read[1]?.data as Float64Array).buffer).not.toBe(bytes.buffer);
  });

  test("of nothing is a frame too", () => {
    expect(payloadsOf(decodeFrame(frameOf(new Params([]))))).toEqual(new Params([]));
  });
});

describe("a frame of an error", () => {
  const sent = (error: unknown): object => {
    const frame = decodeFrame(joined(encodeFrame({ kind: "error", error })));
    return (frame as Extract<Frame, { kind: "error" }>).error as object;
  };

  test.each([
    new InvalidArgumentError("x is 3"),
    new ServiceUnavailableError("busy", { retryAfterMs: 250 }),
    new DeadlineExceededError("late"),
    new ModelNotFoundError("no é"),
    new WorkerCrashedError("died", { code: "MINE", httpStatus: 502 }),
    new BentoMLError("plain"),
  ])("gives a $name its class, code, status and time to come again", (error) => {
    const back = sent(error);
    expect(back).toBeInstanceOf(error.constructor);
    expect(back).toMatchObject({ name: error.name, message: error.message, code: error.code, httpStatus: error.httpStatus, retryAfterMs: error.retryAfterMs });
  });

  test("keeps name and message of others, and neither stack nor cause", () => {
    const error = new RangeError("no root", { cause: new Error("secret") });
    const text = Buffer.from(joined(encodeFrame({ kind: "error", error }))).toString();
    expect(text).not.toContain("secret");
    expect(text).not.toContain("frame.test");
    expect(sent(error)).toMatchObject({ name: "RangeError", message: "no root" });
    expect(sent(error)).not.toBeInstanceOf(BentoMLError);
    expect(sent("thrown text")).toMatchObject({ name: "Error", message: "thrown text" });
  });

  test("gives an adapter's own error as one of ours, with its code", () => {
    class AdapterError extends BentoMLError {}
    const back = sent(new AdapterError("odd", { code: "ODD", httpStatus: 418 }));
    expect(back).toBeInstanceOf(BentoMLError);
    expect(back).toMatchObject({ code: "ODD", httpStatus: 418, message: "odd" });
    for (const name of ["isBentoMLError", "invariant", "__proto__", "constructor", ""]) {
      expect(sent(Object.assign(new AdapterError("x"), { name })).constructor).toBe(BentoMLError);
    }
  });

  test("can always be read, however odd the error", () => {
    expect(sent(new BentoMLError("x".repeat(1_000_000), { httpStatus: NaN, retryAfterMs: Infinity }))).toMatchObject({
      message: `${"x".repeat(10_000)}…`,
      httpStatus: 500,
      retryAfterMs: undefined,
    });
    expect(sent(Object.assign(new Error("x"), { name: 5, message: null }))).toMatchObject({ name: "5", message: "null" });
    expect(sent(new Error("\ud83d"))).toMatchObject({ message: "\ud83d" });
    expect(sent(undefined)).toMatchObject({ message: "undefined" });
  });
});

test("an end frame says that it is the end", () => {
  expect(decodeFrame(joined(encodeFrame({ kind: "end" })))).toEqual({ kind: "end" });
});

/** A frame written by hand. */
function raw(header: string, { magic = "BMLF", version = 1, kind = 1, length, place = 0, data = [] }: { magic?: string; version?: number; kind?: number; length?: number; place?: number; data?: number[] } = {}): Uint8Array {
  const text = Buffer.from(header, "latin1");
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, " ")]);
  const preamble = Buffer.alloc(16);
  preamble.write(magic, "latin1");
  preamble.writeUInt16LE(version, 4);
  preamble.writeUInt16LE(kind, 6);
  preamble.writeUInt32LE(length ?? padded.length, 8);
  preamble.writeUInt32LE(place, 12);
  return Buffer.concat([preamble, padded, Buffer.from(data)]);
}

const entry = (fields: object = {}): string => JSON.stringify({ payloads: [{ container: "A", meta: {}, batchSize: 1, buffers: [], ...fields }] });

test.each<[string, Uint8Array, RegExp]>([
  ["nothing", new Uint8Array(0), /it has 0 bytes, fewer than the 16/],
  ["another format", raw("{}", { magic: "PK\x03\x04" }), /does not begin with "BMLF"/],
  ["another version", raw("{}", { version: 2 }), /frame of version 2, and only version 1 is known here/],
  ["an unknown kind", raw("{}", { kind: 9 }), /unknown kind 9/],
  ["a place", raw("{}", { place: 1 }), /it has the place 1, and only a reply of a bundle has one/],
  ["a header that is cut off", raw("{}", { length: 16 }), /header of 16 bytes is no multiple of 8 or does not fit its 24 bytes/],
  ["a header of odd length", raw("{}", { length: 7 }), /no multiple of 8/],
  ["a header that is no JSON", raw("{nope"), /header is not JSON/],
  ["a header that is no record", raw("[]"), /header is not a JSON record/],
  ["a header that is not UTF-8", raw('{"a":"\xff"}'), /header is not UTF-8/],
  ["no payloads", raw("{}"), /"payloads" is undefined, not a list/],
  ["a payload that is no record", raw('{"payloads":[[]]}'), /entry is \[\], not a record/],
  ["no container", raw(entry({ container: 5 })), /container is 5, not a name/],
  ["a meta that is no record", raw(entry({ meta: [] })), /meta is \[\], not a record/],
  ["a batch size below zero", raw(entry({ batchSize: -1 })), /batch size is -1, not a whole number/],
  ["half an item", raw(entry({ batchSize: 0.5 })), /batch size is 0.5/],
  ["buffers that are no list", raw(entry({ buffers: {} })), /buffers are \{\}, not a list/],
  ["a keyword that is no text", raw(entry({ keyword: 1 })), /the keyword of payload 0 is 1, not a text/],
  ["a position after a keyword", raw(JSON.stringify({ payloads: [{ keyword: "x" }, {}].map((named) => ({ ...named, container: "A", meta: {}, batchSize: 1, buffers: [] })) })), /the keyword of payload 1 is undefined, not a text/],
  ["a keyword twice", raw(JSON.stringify({ payloads: [0, 1].map(() => ({ keyword: "x", container: "A", meta: {}, batchSize: 1, buffers: [] })) })), /a keyword comes twice/],
  ["a buffer whose length is no number", raw(entry({ buffers: [[0, 8]] })), /length of buffer 0 is \[0,8\], not a whole number of bytes/],
  ["a length below zero", raw(entry({ buffers: [8, -8] }), { data: new Array<number>(8).fill(0) }), /length of buffer 1 is -8/],
  ["half a byte", raw(entry({ buffers: [0.5] })), /length of buffer 0 is 0.5/],
  ["a buffer beyond the end", raw(entry({ buffers: [9] }), { data: new Array<number>(8).fill(0) }), /buffer 0 ends at byte \d+, beyond the \d+ that are there/],
  ["a second buffer beyond the end", raw(entry({ buffers: [8, 1] }), { data: new Array<number>(8).fill(0) }), /buffer 1 ends at byte \d+, beyond the \d+ that are there/],
  ["a buffer of more bytes than there are numbers", raw(entry({ buffers: [2 ** 53] })), /length of buffer 0 is 9007199254740992/],
  ["a huge buffer", raw(entry({ buffers: [2 ** 52] })), /ends at byte 4503599627370\d+, beyond the \d+ that/],
  ["padding that is not zero", raw(entry({ buffers: [7] }), { data: [1, 2, 3, 4, 5, 6, 7, 8] }), /padding after buffer 0 is not zero/],
  ["bytes that nothing claims", raw(entry(), { data: new Array<number>(8).fill(0) }), /8 bytes are left after its buffers/],
  ["data after an error", raw('{"error":{"class":"E","message":""}}', { kind: 2, data: [0] }), /1 bytes are left after its header/],
  ["data after the end", raw("{}", { kind: 3, data: [0] }), /1 bytes are left/],
  ["an end without a header", raw("", { kind: 3 }), /it has no header/],
  ["an error that is none", raw('{"error":5}', { kind: 2 }), /"error" is 5, not a record/],
  ["an error without a message", raw('{"error":{"class":"E"}}', { kind: 2 }), /must have a class and a message/],
  ["an odd code", raw('{"error":{"class":"E","message":"","code":5}}', { kind: 2 }), /code is 5, not a text/],
  ["an odd status", raw('{"error":{"class":"E","message":"","code":"C","httpStatus":7}}', { kind: 2 }), /httpStatus is 7, not 100 to 599/],
  ["an odd time", raw('{"error":{"class":"E","message":"","code":"C","retryAfterMs":-1}}', { kind: 2 }), /retryAfterMs is -1/],
  ["a value that would fill the log", raw(entry({ batchSize: "x".repeat(5000) })), /^.{50,300}$/],
])("a frame with %s is refused with the reason", (_what, bytes, message) => {
  expect(() => decodeFrame(bytes)).toThrow(InvalidArgumentError);
  expect(() => decodeFrame(bytes)).toThrow(message);
});

test.each<[keyof FrameLimits, number, Uint8Array, RegExp]>([
  ["maxFrameBytes", 23, raw("{}"), /24 bytes, but 23 is the most \(maxFrameBytes\)/],
  ["maxHeaderBytes", 8, raw(entry()), /bytes of header, but 8 is the most \(maxHeaderBytes\)/],
  ["maxHeaderDepth", 3, raw(entry({ meta: { a: [] } })), /levels of header, but 3 is the most \(maxHeaderDepth\)/],
  ["maxPayloads", 0, raw(entry()), /1 payloads, but 0 is the most \(maxPayloads\)/],
  ["maxBuffers", 1, raw(entry({ buffers: [0, 0] })), /2 buffers, but 1 is the most \(maxBuffers\)/],
])("%s is a limit", (name, value, bytes, message) => {
  expect(() => decodeFrame(bytes, limited({ [name]: value }))).toThrow(InvalidArgumentError);
  expect(() => decodeFrame(bytes, limited({ [name]: value }))).toThrow(message);
});

test("brackets in strings are no depth", () => {
  const meta = { text: `${"[".repeat(100)}"\\[{` };
  expect(payloadsOf(decodeFrame(raw(entry({ meta })))).args[0]?.meta).toEqual(meta);
});

test("a frame that declares huge sizes is refused without memory for them", () => {
  const before = process.memoryUsage().arrayBuffers;
  for (let round = 0; round < 100; round++) {
    expect(() => decodeFrame(raw("{}", { length: 0xffff_fff8 }))).toThrow(/4294967288 bytes of header/);
    expect(() => decodeFrame(raw(entry({ buffers: [2 ** 40] })))).toThrow(/beyond the/);
    expect(() => decodeFrame(raw(entry({ meta: { shape: [2 ** 40] } })))).not.toThrow();
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
});
