import { Buffer } from "node:buffer";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { expect, test } from "vitest";
import type { Payload } from "../../containers/index.js";
import { forTransfer } from "./transfer-list.js";

const payload = (...buffers: Uint8Array[]): Payload => ({ container: "C", meta: {}, batchSize: 1, buffers });

/** As it comes out of a channel. */
function posted(given: Payload, mustStay = false): Payload {
  const { port1, port2 } = new MessageChannel();
  const { payload: ready, transfer } = forTransfer(given, () => mustStay);
  port1.postMessage(ready, transfer);
  const { message } = receiveMessageOnPort(port2) as { message: Payload };
  port1.close();
  return message;
}

test("memory that is filled by a buffer is given away; what must stay, and parts of larger memory, are copied", () => {
  const whole = Uint8Array.of(1, 2);
  const part = Uint8Array.of(0, 3, 4, 0).subarray(1, 3);
  expect(posted(payload(whole, part))).toEqual(payload(Uint8Array.of(1, 2), Uint8Array.of(3, 4)));
  expect([whole.byteLength, part.byteLength]).toEqual([0, 2]);
  const staying = Uint8Array.of(5);
  expect(posted(payload(staying), true)).toEqual(payload(Uint8Array.of(5)));
  expect([...staying]).toEqual([5]);
});

test("small Buffers, which share one memory, are copied out of it, and memory that comes twice is given once", () => {
  expect(posted(payload(Buffer.from("ab"), Buffer.from("c")))).toEqual(payload(Uint8Array.of(97, 98), Uint8Array.of(99)));
  const memory = new ArrayBuffer(2);
  expect(posted(payload(new Uint8Array(memory), new Uint8Array(memory)))).toEqual(payload(new Uint8Array(2), new Uint8Array(2)));
});
