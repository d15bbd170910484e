import fc from "fast-check";
import { Params, type JsonValue, type Payload } from "../containers/index.js";

const jsonValue = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;

/** Payloads as containers make them: any meta, any number of buffers of any length. */
export const anyPayload: fc.Arbitrary<Payload> = fc.record({
  container: fc.stringMatching(/^[A-Za-z][\w.-]{0,30}$/),
  meta: fc.dictionary(fc.string(), jsonValue, { noNullPrototype: true, maxKeys: 4 }),
  batchSize: fc.nat(),
  buffers: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }),
});

const keyword = fc.oneof(fc.string({ unit: "grapheme" }), fc.stringMatching(/^[\w.-]{1,10}$/), fc.constantFrom("__proto__", "constructor", "0", ""));

export const anyCall: fc.Arbitrary<Params<Payload>> = fc
  .tuple(fc.array(anyPayload, { maxLength: 3 }), fc.uniqueArray(fc.tuple(keyword, anyPayload), { maxLength: 3, selector: ([name]) => name }))
  .map(([args, kwargs]) => new Params(args, Object.fromEntries(kwargs)));

/** The bytes of parts, one after the other, at an address of which the frame's start is `offset` bytes past a multiple of 8. */
export function joined(parts: readonly Uint8Array[], offset = 0): Uint8Array {
  const length = parts.reduce((total, part) => total + part.byteLength, 0);
  const bytes = new Uint8Array(length + offset).subarray(offset);
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.byteLength;
  }
  return bytes;
}

/** Payloads with their bytes as lists, so that equality is by content. JSON has no -0 and no other prototype. */
export function contentOf(call: Params<Payload>): unknown {
  return call.entries().map(([key, payload]) => [key, contentOfPayload(payload)]);
}

export function contentOfPayload({ container, meta, batchSize, buffers }: Payload): unknown {
  return { container, meta: JSON.stringify(meta), batchSize, buffers: buffers.map((bytes) => [...bytes]) };
}
