import {
  BundledReplies,
  ERROR_TYPE,
  FRAME_TYPE,
  MULTIPLE_OUTPUTS_TYPE,
  NdArray,
  Params,
  ReplyWriter,
  STREAM_TYPE,
  StreamDecoder,
  autoContainer,
  cancellationsOf,
  decodeBundle,
  decodeCall,
  decodeFrame,
  decodeReply,
  encodeBundle,
  encodeCall,
  encodeFrame,
  encodeReply,
  encodeStreamFrame,
  type BundledCall,
  type Frame,
  type Payload,
  type Reply,
} from "bentoml-core";
import type { SeededRandom } from "@bentoml-tools/onnx-models";
import { join, mutateBytes } from "./mutate-bytes.js";
import { mutateJson } from "./mutate-json.js";
import { sampleFrames, samplePayloads } from "./samples.js";

/** Something that reads bytes of strangers. `execute` makes one broken input and reads it; what it throws is judged by the caller. */
export interface Target {
  readonly name: string;
  execute(random: SeededRandom): void;
}

const pick = <Item>(items: readonly Item[], random: SeededRandom): Item => items[random.below(items.length)] as Item;
const encoder = new TextEncoder();

export const targets: readonly Target[] = [
  {
    name: "frame, bytes changed",
    execute(random) {
      readFrame(mutateBytes(join(...encodeFrame(pick(sampleFrames, random))), random));
    },
  },
  {
    name: "frame, header changed",
    execute(random) {
      readFrame(withChangedHeader(join(...encodeFrame(pick(sampleFrames, random))), random));
    },
  },
  {
    name: "stream",
    execute(random) {
      const frames = Array.from({ length: 1 + random.below(3) }, () => pick(sampleFrames, random));
      readStream(mutateBytes(join(...[...frames, { kind: "end" } satisfies Frame].flatMap(encodeStreamFrame)), random), random);
    },
  },
  {
    name: "call",
    execute(random) {
      const frame = pick(sampleFrames, random);
      const { headers, body } = encodeCall(frame.kind === "payloads" ? frame.payloads : new Params([pick(samplePayloads, random)]));
      const bytes = mutateBytes(join(...body), random);
      readPayloads(decodeCall(changedHeaders(headers, random), bytes).entries().map(([, payload]) => payload), bytes);
    },
  },
  {
    name: "reply",
    execute(random) {
      const payloads = Array.from({ length: random.below(3) }, () => pick(samplePayloads, random));
      const { headers, body } = encodeReply(random.below(2) === 0 ? { kind: "outputs", payloads } : { kind: "value", payload: pick(samplePayloads, random) });
      const bytes = mutateBytes(join(...body), random);
      const reply = decodeReply(changedHeaders(headers, random), bytes);
      if (reply.kind !== "error") readPayloads(reply.kind === "value" ? [reply.payload] : reply.payloads, bytes);
    },
  },
  {
    name: "bundle of calls, bytes changed",
    execute(random) {
      const calls = Array.from({ length: 1 + random.below(4) }, () => sampleCall(random)).flatMap((call) => (random.below(2) === 0 ? [call] : [call, call]));
      readBundle(mutateBytes(join(...encodeBundle(calls)), random), calls.length);
    },
  },
  {
    name: "bundle of calls, header changed",
    execute(random) {
      const frame = join(...encodeBundle([sampleCall(random)])).subarray(8);
      readBundle(afterLength(withChangedHeader(Uint8Array.from(frame), random)), 1);
    },
  },
  {
    name: "bundle of replies",
    execute(random) {
      const replies = Array.from({ length: 1 + random.below(4) }, (_, call) => ({ call, reply: sampleReply(random) }));
      const writer = new ReplyWriter();
      const bytes = mutateBytes(join(...replies.flatMap((reply) => writer.write(reply))), random);
      const decoder = new BundledReplies();
      for (let start = 0; start < bytes.length; ) {
        const end = start + 1 + random.below(200);
        for (const { reply } of decoder.push(bytes.subarray(start, end))) {
          if (reply.kind !== "error") readPayloads(reply.kind === "value" ? [reply.payload] : reply.payloads, bytes);
        }
        start = end;
      }
    },
  },
  {
    name: "calls that are given up",
    execute(random) {
      const text = Array.from({ length: 1 + random.below(3) }, () => `0123456789abcdef-${random.below(1_000)}:${random.below(200)}.${random.below(200)}`).join(",");
      cancellationsOf(random.below(4) === 0 ? text : Buffer.from(mutateBytes(Buffer.from(text), random)).toString("latin1"));
    },
  },
  {
    name: "payload, meta and buffers changed",
    execute(random) {
      const { container, meta, batchSize, buffers } = pick(samplePayloads, random);
      const changed = random.below(3) === 0 ? [...buffers, ...buffers] : buffers.map((bytes) => mutateBytes(bytes, random));
      const changedMeta = mutateJson(meta, random);
      // Frames and headers see to it that a container gets a record.
      const isRecord = typeof changedMeta === "object" && changedMeta !== null && !Array.isArray(changedMeta);
      autoContainer.fromPayload({ container, meta: isRecord ? (changedMeta as Payload["meta"]) : {}, batchSize, buffers: changed });
    },
  },
  {
    name: "plain value, text changed",
    execute(random) {
      const payload = pick(samplePayloads.filter(({ container }) => container === "DefaultContainer"), random);
      const [text = new Uint8Array(0), ...others] = payload.buffers;
      const changed = encoder.encode(JSON.stringify(mutateJson(JSON.parse(new TextDecoder().decode(text)), random)));
      autoContainer.fromPayload({ ...payload, buffers: [changed, ...others] });
    },
  },
];

const sampleMarks: readonly BundledCall["marks"][] = [{}, { timeoutMs: 900_000 }, { timeoutMs: 5, priority: "high", requestId: "r-1", traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }];

function sampleCall(random: SeededRandom): BundledCall {
  const frame = pick(sampleFrames, random);
  return { marks: pick(sampleMarks, random), call: frame.kind === "payloads" ? frame.payloads : new Params([pick(samplePayloads, random)]) };
}

function sampleReply(random: SeededRandom): Reply {
  switch (random.below(3)) {
    case 0:
      return { kind: "value", payload: pick(samplePayloads, random) };
    case 1:
      return { kind: "outputs", payloads: [pick(samplePayloads, random), pick(samplePayloads, random)] };
    default:
      return { kind: "error", error: new RangeError("odd") };
  }
}

/** Calls that cannot be read are errors in their places: the first of them counts as a refusal. */
function readBundle(bytes: Uint8Array, count: number): void {
  const calls = decodeBundle(bytes, count);
  for (const call of calls) {
    if ("error" in call) throw call.error;
    readPayloads(call.call.entries().map(([, payload]) => payload), bytes);
  }
}

/** The frame with its length before it. */
function afterLength(frame: Uint8Array): Uint8Array {
  return join(new Uint8Array(BigUint64Array.of(BigInt(frame.byteLength)).buffer), frame);
}

function readFrame(bytes: Uint8Array): void {
  const frame = decodeFrame(bytes);
  if (frame.kind === "payloads") readPayloads(frame.payloads.entries().map(([, payload]) => payload), bytes);
}

function readStream(bytes: Uint8Array, random: SeededRandom): void {
  const decoder = new StreamDecoder();
  for (let start = 0; start < bytes.length; ) {
    const end = start + 1 + random.below(100);
    const events = decoder.push(bytes.subarray(start, end));
    readPayloads(events.flatMap((event) => (event.kind === "item" ? [event.payload] : [])), bytes);
    start = end;
  }
  decoder.finish();
}

/** Reads the values too. Nothing may come out that is longer than what came in. */
function readPayloads(payloads: readonly Payload[], input: Uint8Array): void {
  let total = 0;
  for (const payload of payloads) {
    for (const buffer of payload.buffers) total += buffer.byteLength;
    if (total > input.byteLength) throw new Error(`payloads have ${total} bytes, the input ${input.byteLength}`);
    const value = autoContainer.fromPayload(payload);
    if (NdArray.isNdArray(value) && value.size > input.byteLength) throw new Error(`an array has ${value.size} elements, the input ${input.byteLength} bytes`);
  }
}

/** The frame with another header, whose length is put right again so that the reader gets to the contents. */
function withChangedHeader(frame: Uint8Array, random: SeededRandom): Uint8Array {
  const length = new DataView(frame.buffer).getUint32(8, true);
  const header: unknown = JSON.parse(new TextDecoder().decode(frame.subarray(16, 16 + length)));
  const text = encoder.encode(JSON.stringify(mutateJson(header, random)));
  const padding = new Uint8Array((8 - (text.byteLength % 8)) % 8).fill(0x20);
  const changed = join(frame.subarray(0, 16), text, padding, frame.subarray(16 + length));
  new DataView(changed.buffer).setUint32(8, text.byteLength + padding.byteLength, true);
  return changed;
}

const headerValues = ["", "0", "1", "2", "-1", "1e3", "999999999999999", "{}", "[]", '{"dtype":"float32","shape":[2]}', "NdArrayContainer", "DefaultContainer", "12, 4", "0,0,0", "x"];
const contentTypes = [FRAME_TYPE, MULTIPLE_OUTPUTS_TYPE, STREAM_TYPE, ERROR_TYPE, "application/vnd.bentoml.", "application/vnd.bentoml.NdArrayContainer", "text/plain; a=b", ""];

function changedHeaders(headers: Readonly<Record<string, string>>, random: SeededRandom): Record<string, string | string[]> {
  const changed: Record<string, string | string[]> = { ...headers };
  for (let times = random.below(3); times > 0; times--) {
    const name = pick(["Content-Type", "Payload-Container", "Payload-Meta", "Batch-Size", "Payload-Buffers", "Args-Number", "Kwarg-Name"], random);
    const old = headers[name] ?? "";
    switch (random.below(4)) {
      case 0:
        Reflect.deleteProperty(changed, name);
        break;
      case 1:
        changed[name] = Buffer.from(mutateBytes(Buffer.from(old), random)).toString("latin1");
        break;
      case 2:
        changed[name] = [old, pick(headerValues, random)];
        break;
      default:
        changed[name] = pick(name === "Content-Type" ? contentTypes : headerValues, random);
    }
  }
  return changed;
}
