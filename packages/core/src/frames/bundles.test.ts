import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidArgumentError, ServiceUnavailableError } from "../errors/index.js";
import { Params, autoContainer, type Payload } from "../containers/index.js";
import { NdArray } from "../ndarray/index.js";
import { anyCall, anyPayload, contentOf, contentOfPayload, joined } from "./arbitrary-payload.testing.js";
import { BundledReplies, decodeBundle, defaultFrameLimits, encodeBundledCall, encodeBundledReply, type BundledCall, type BundledReply, type CallMarks, type Reply } from "./index.js";

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
const bodyOf = (...calls: BundledCall[]): Uint8Array => joined(calls.flatMap(encodeBundledCall));

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
      const read = decodeBundle(joined(bundle.flatMap(encodeBundledCall), offset), bundle.length);
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
    fc.property(fc.array(fc.record({ call: fc.nat(), reply: anyReply }), { maxLength: 5 }), fc.array(fc.nat({ max: 3000 }), { maxLength: 10 }), (replies, places) => {
      const bytes = joined(replies.flatMap(encodeBundledReply));
      const ends = [...new Set(places.map((place) => place % (bytes.byteLength + 1))), bytes.byteLength].sort((left, right) => left - right);
      const decoder = new BundledReplies();
      const read = ends.flatMap((end, index) => [...decoder.push(bytes.slice(ends[index - 1] ?? 0, end))]);
      expect(read.map(shownReply)).toEqual(replies.map(shownReply));
    }),
    { numRuns: 300 },
  );
});

test("an error keeps its class, code and time", () => {
  const [read] = new BundledReplies().push(joined(encodeBundledReply({ call: 7, reply: { kind: "error", error: new ServiceUnavailableError("full", { retryAfterMs: 250 }) } })));
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
    joined(encodeBundledReply({ call: 0, reply: { kind: "error", error: new Error("no call") } })),
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
  ["no place", bodyOf(one), /a reply's call is undefined, not its place/],
  ["several values and no word of outputs", changed(joined(encodeBundledReply({ call: 0, reply: { kind: "outputs", payloads: [x, x] } })), '"outputs"', '"Outputs"'), /without outputs is one value/],
  ["a keyword", changed(bodyOf({ marks: { timeoutMs: 0 }, call: new Params<Payload>([], { x }) }), '"timeoutMs"', '"call"'), /not keywords/],
])("a reply with %s is refused", (_what, bytes, message) => {
  expect(() => [...new BundledReplies().push(bytes)]).toThrow(message);
});
