import type { SeededRandom } from "@bentoml-tools/onnx-models";

/** Numbers at which lengths, counts and offsets go wrong. */
const edges = [0, 1, 7, 8, 16, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff];

type Mutation = (bytes: Uint8Array, random: SeededRandom) => Uint8Array;

const mutations: readonly Mutation[] = [
  function flipBit(bytes, random) {
    const place = random.below(bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << random.below(8));
    return bytes;
  },
  function setByte(bytes, random) {
    bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  },
  function setNumber(bytes, random) {
    if (bytes.length < 4) return bytes;
    const place = random.below(Math.floor(bytes.length / 4)) * 4;
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(place, edges[random.below(edges.length)] as number, true);
    return bytes;
  },
  function truncate(bytes, random) {
    return bytes.slice(0, random.below(bytes.length));
  },
  function remove(bytes, random) {
    const start = random.below(bytes.length);
    return join(bytes.subarray(0, start), bytes.subarray(start + 1 + random.below(16)));
  },
  function repeat(bytes, random) {
    const start = random.below(bytes.length);
    const end = start + 1 + random.below(32);
    return join(bytes.subarray(0, end), bytes.subarray(start));
  },
  function insert(bytes, random) {
    const place = random.below(bytes.length + 1);
    const added = Uint8Array.from({ length: 1 + random.below(16) }, () => random.below(256));
    return join(bytes.subarray(0, place), added, bytes.subarray(place));
  },
];

/** A copy of the bytes with one to four things wrong, or now and then none. */
export function mutateBytes(original: Uint8Array, random: SeededRandom): Uint8Array {
  let bytes: Uint8Array = original.slice();
  for (let times = random.below(5); times > 0 && bytes.length > 0; times--) {
    bytes = (mutations[random.below(mutations.length)] as Mutation)(bytes, random);
  }
  return bytes;
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.byteLength;
  }
  return bytes;
}
