import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { ownedPayload } from "./owned-payload.js";
import type { Payload } from "./payload.js";

const payload = (bytes: Uint8Array): Payload => ({ container: "C", meta: { a: 1 }, batchSize: 1, buffers: [bytes] });

test.each([
  ["a byte array", Uint8Array.of(1, 2, 3)],
  ["a part of one", Uint8Array.of(0, 1, 2, 3, 4).subarray(1, 4)],
  ["a Buffer, of which a slice is a view", Buffer.from([1, 2, 3])],
  ["shared memory", new Uint8Array(new SharedArrayBuffer(3)).fill(7)],
])("the payload of %s keeps its bytes when these are overwritten", async (_what, bytes) => {
  const before = [...bytes];
  const now = ownedPayload(payload(bytes));
  const later = ownedPayload(Promise.resolve(payload(bytes)));
  expect(now.buffers[0]?.buffer.byteLength).toBe(3);
  expect(now.buffers[0]?.buffer).toBeInstanceOf(ArrayBuffer);
  const arrived = await later;
  bytes.fill(9);
  for (const owned of [now, arrived]) expect(owned).toEqual(payload(Uint8Array.from(before)));
});
