import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidArgumentError, ServiceUnavailableError } from "../errors/index.js";
import { Params, autoContainer, type Payload } from "../containers/index.js";
import { NdArray } from "../ndarray/index.js";
import { anyCall, anyPayload, contentOf, contentOfPayload, joined } from "./arbitrary-payload.testing.js";
import { BundledReplies, ReplyWriter, decodeBundle, defaultFrameLimits, encodeBundle, type BundledCall, type BundledReply, type CallMarks, type Reply } from "./index.js";

const anyMarks: fc.Arbitrary<CallMarks> = fc.record(
  { timeoutMs: fc.nat(), priority: fc.string(), requestId: fc.string(), traceparent: fc.string(), tracestate: fc.string() },
  { requiredKeys: [] },
);
const anyBundle = fc.array(fc.record({ marks: anyMarks, call: anyCall }), { maxLength: 5 });
const anyReply: fc.Arbitrary<Reply> = fc.oneof(
  fc.record({ kind: fc.constant("value" as const), payload: anyPayload }),
  fc.record({ kind: fc.constant("outputs" as const), payloads: fc.array(anyPayload, { maxLength: 3 }) }),
  fc.string().map((message): Reply => ({ kind: "error", error: new InvalidArgumentError(message) })),
);

const x = autoContainer.toPayload(NdArray.from([[1, 2]]), 0) as Payload;
const one: BundledCall = { marks: { timeoutMs: 5 }, call: new Params([x]) };
const bodyOf = (...calls: BundledCall[]): Uint8Array => joined(encodeBundle(calls));

function written(...replies: BundledReply[]): Uint8Array {
  const writer = new ReplyWriter();
  return joined(replies.flatMap((reply) => writer.write(reply)));
}

function shownReply({ call, reply }: BundledReply): unknown {
  switch (reply.kind) {
    case "error":
      return [call, reply.kind, (reply.error as Error).message];
    case "value":
      return [call, reply.kind, contentOfPayload(reply.payload)];
    case "outputs":
      return [call, reply.kind, reply.payloads.map(contentOfPayload)];
  }
}

test("calls come out as they went in, each with its own marks, at any address", () => {
  fc.assert(
    fc.property(anyBundle, fc.nat({ max: 7 }), (bundle, offset) => {
      const read = decodeBundle(joined(encodeBundle(bundle), offset), bundle.length);
      expect(read.map((call) => ("error" in call ? call.error : [JSON.stringify(call.marks), contentOf(call.call)]))).toEqual(
        bundle.map(({ marks, call }) => {
          const { timeoutMs, priority, requestId, traceparent, tracestate } = marks;
          return [JSON.stringify({ timeoutMs, priority, requestId, traceparent, tracestate }), contentOf(call)];
        }),
      );
    }),
    { numRuns: 300 },
  );
});

test("replies come out whole and in order, wherever the chunks are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ call: fc.nat({ max: 2 ** 32 - 1 }), reply: anyReply }), { maxLength: 5 }), fc.array(fc.nat({ max: 3000 }), { maxLength: 10 }), (replies, places) => {
      const bytes = written(...replies);
      const ends = [...new Set(places.map((place) => place % (bytes.byteLength + 1))), bytes.byteLength].sort((left, right) => left - right);
      const decoder = new BundledReplies();
      const read = ends.flatMap((end, index) => [...decoder.push(bytes.slice(ends[index - 1] ?? 0, end))]);
      expect(read.map(shownReply)).toEqual(replies.map(shownReply));
    }),
    { numRuns: 300 },
  );
});

test("an error keeps its class, code and time", () => {
  const [read] = new BundledReplies().push(written({ call: 7, reply: { kind: "error", error: new ServiceUnavailableError("full", { retryAfterMs: 250 }) } }));
  expect(read).toMatchObject({ call: 7, reply: { kind: "error", error: { name: "ServiceUnavailableError", code: "SERVICE_BUSY", retryAfterMs: 250 } } });
});

/** The one frame with another text in its header. */
function changed(body: Uint8Array, from: string, to: string): Uint8Array {
  const copy = Buffer.from(body);
  const text = copy.toString("latin1", 24, 24 + copy.readUInt32LE(16));
  copy.write(text.replace(from, to).padEnd(text.length), 24, "latin1");
  return copy;
}

test("a call that cannot be read is an error in its place, and its neighbours are read", () => {
  const bodies = [
    changed(bodyOf(one), "payloads", "pay1oads"),
    changed(bodyOf(one), '"timeoutMs":5', '"timeoutMs":-'),
    changed(bodyOf(one), "[8]", "[9]"),
    changed(bodyOf(one), '"timeoutMs":5', '"priority":5'),
    written({ call: 0, reply: { kind: "error", error: new Error("no call") } }),
  ];
  for (const body of bodies) {
    const [before, bad, after] = decodeBundle(joined([bodyOf(one), body, bodyOf(one)]), 3);
    expect([before, after].map((call) => call !== undefined && "call" in call)).toEqual([true, true]);
    expect((bad as { error: unknown }).error).toBeInstanceOf(InvalidArgumentError);
  }
});

const prefix = (length: bigint): Uint8Array => new Uint8Array(BigUint64Array.of(length).buffer);

test.each<[string, Uint8Array, number, RegExp]>([
  ["fewer calls than it says", bodyOf(one), 2, /says that it has 2 calls, but 1 are there/],
  ["more", bodyOf(one, one), 1, /bytes come after the 1 calls/],
  ["none", new Uint8Array(0), 1, /0 are there/],
  ["a call beyond its end", bodyOf(one, one).subarray(0, -1), 2, /call 1 is longer than the body/],
  ["a length that lies", joined([prefix(1n << 29n), bodyOf(one)]), 1, /call 0 is longer than the body/],
  ["a length beyond the limit", joined([prefix(1n << 40n), bodyOf(one)]), 1, /1099511627776 bytes of a frame/],
  ["a length of 64 bits", prefix(0xffff_ffff_ffff_ffffn), 1, /is the most/],
  ["garbage", new Uint8Array(64).fill(7), 1, /is the most/],
])("a body with %s is refused as a whole", (_what, body, count, message) => {
  expect(() => decodeBundle(body, count)).toThrow(InvalidArgumentError);
  expect(() => decodeBundle(body, count)).toThrow(message);
});

test("a length that lies takes no memory", () => {
  const before = process.memoryUsage().arrayBuffers;
  const body = joined([prefix(BigInt(defaultFrameLimits.maxFrameBytes)), new Uint8Array(1000)]);
  for (let time = 0; time < 50; time++) expect(() => decodeBundle(body, 1)).toThrow(/longer than the body/);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
});

test.each<[string, Uint8Array, RegExp]>([
  ["several values and no word of outputs", changed(written({ call: 0, reply: { kind: "outputs", payloads: [x, x] } }), '"outputs"', '"Outputs"'), /without outputs is one value/],
  ["a keyword", bodyOf({ marks: {}, call: new Params<Payload>([], { x }) }), /not keywords/],
])("a reply with %s is refused", (_what, bytes, message) => {
  expect(() => [...new BundledReplies().push(bytes)]).toThrow(message);
});

describe("a frame whose header is that of the frame before it", () => {
  const HEADER_LENGTH = 8 + 8;
  const metas: Payload["meta"][] = [{ a: [1, { b: null }] }, { a: [1, { b: null, c: 0 }] }, { a: [1, { b: 0 }] }, { a: [1] }, { x: 1, y: 2 }, { y: 2, x: 1 }, {}];
  const few: fc.Arbitrary<Payload> = fc.record({ container: fc.constantFrom("A", "B"), meta: fc.constantFrom(...metas), batchSize: fc.constantFrom(1, 2), buffers: fc.array(fc.uint8Array({ minLength: 3, maxLength: 4 }), { maxLength: 1 }) });
  const marks = fc.constantFrom<CallMarks>({}, { timeoutMs: 5 }, { timeoutMs: 6 }, { traceparent: "t" });
  const similar = fc.array(fc.record({ marks, call: fc.array(few, { maxLength: 2 }).map((args) => new Params(args)) }), { minLength: 2, maxLength: 12 });

  /** The one frame without its header, as if it repeated another. */
  function headless(body: Uint8Array): Uint8Array {
    const frame = Buffer.from(body);
    const data = frame.subarray(24 + frame.readUInt32LE(HEADER_LENGTH));
    const bytes = Buffer.concat([frame.subarray(0, 24), data]);
    bytes.writeUInt32LE(0, HEADER_LENGTH);
    bytes.writeUInt32LE(16 + data.length, 0);
    return bytes;
  }

  test("has none, and is read with that one", () => {
    const another = { marks: one.marks, call: new Params([autoContainer.toPayload(NdArray.from([[3, 4]]), 0) as Payload]) };
    const body = bodyOf(one, another, one);
    expect(body.byteLength).toBe(bodyOf(one).byteLength + 2 * (24 + 8));
    expect(decodeBundle(body, 3).map((call) => "call" in call && contentOf(call.call))).toEqual([one, another, one].map(({ call }) => contentOf(call)));
  });

  test("is told from all that differ, in the order of fields too", () => {
    fc.assert(
      fc.property(similar, (bundle) => {
        const read = decodeBundle(bodyOf(...bundle), bundle.length);
        expect(read.map((call) => "call" in call && [JSON.stringify(call.marks), contentOf(call.call)])).toEqual(
          bundle.map(({ marks: { timeoutMs, priority, requestId, traceparent, tracestate }, call }) => [JSON.stringify({ timeoutMs, priority, requestId, traceparent, tracestate }), contentOf(call)]),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test("has a meta of its own all the same: readers keep parts of it, and change them", () => {
    const [first, second, third] = decodeBundle(bodyOf(one, one, one), 3).map((call) => ("call" in call ? call.call.args[0]?.meta : undefined));
    (first?.["shape"] as number[])[0] = 7;
    (second?.["shape"] as number[]).push(8);
    expect([first?.["shape"], second?.["shape"], third?.["shape"]]).toEqual([[7, 2], [1, 2, 8], [1, 2]]);
  });

  test("a record of no plain kind is never the same as another", () => {
    const dated = (ms: number): BundledCall => ({ marks: {}, call: new Params([{ container: "A", meta: { at: new Date(ms) as never }, batchSize: 1, buffers: [] }]) });
    expect(decodeBundle(bodyOf(dated(0), dated(1)), 2).map((call) => "call" in call && call.call.args[0]?.meta["at"])).toEqual(["1970-01-01T00:00:00.000Z", "1970-01-01T00:00:00.001Z"]);
  });

  test("replies: each has its own place, also of errors", () => {
    const failed: Reply = { kind: "error", error: new InvalidArgumentError("no") };
    const value: Reply = { kind: "value", payload: x };
    const replies = [value, value, failed, failed, value].map((reply, index) => ({ call: 70_000 - index, reply }));
    const bytes = written(...replies);
    expect([...new BundledReplies().push(bytes)].map(shownReply)).toEqual(replies.map(shownReply));
    expect(bytes.byteLength).toBe(written(...[0, 2, 4].map((index) => replies[index] as BundledReply)).byteLength + 24 + 8 + 24);
  });

  test("a header of more than 4 kB comes in full each time, and one left out is refused", () => {
    const long: BundledCall = { marks: { requestId: "r".repeat(5000) }, call: one.call };
    expect(bodyOf(long, long).byteLength).toBe(2 * bodyOf(long).byteLength);
    const [, bad, after] = decodeBundle(joined([bodyOf(long), headless(bodyOf(long)), bodyOf(long)]), 3);
    expect(String((bad as { error: unknown }).error)).toContain("has no header, and there is none before it that it could repeat");
    expect(after).toHaveProperty("call");
  });

  test.each<[string, Uint8Array]>([
    ["the first", new Uint8Array(0)],
    ["one after a frame that cannot be read", changed(bodyOf(one), '"timeoutMs"', '"timeoutMs')],
  ])("%s is refused alone when it has none", (_what, before) => {
    const calls = decodeBundle(joined([before, headless(bodyOf(one)), bodyOf(one)]), before.byteLength > 0 ? 3 : 2);
    expect(calls.slice(-2).map((call) => ("error" in call ? String(call.error) : "read"))).toEqual([expect.stringContaining("there is none before it"), "read"]);
  });

  test("a call has no place", () => {
    const placed = Buffer.from(bodyOf(one));
    placed.writeUInt32LE(1, 8 + 12);
    expect(decodeBundle(placed, 1).map((call) => "error" in call && String(call.error))).toEqual([expect.stringContaining("it has the place 1, and only a reply")]);
  });
});
