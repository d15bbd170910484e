/** Floats of 16 bits, which JSON does not carry in the protocol. */
export type HalfDatatype = "FP16" | "BF16";

export function isHalf(datatype: string): datatype is HalfDatatype {
  return datatype === "FP16" || datatype === "BF16";
}

const scratch = new DataView(new ArrayBuffer(4));
/** Fields of the two formats; both have one bit for the sign. */
const formats = { FP16: { fractionBits: 10, bias: 15 }, BF16: { fractionBits: 7, bias: 127 } } as const;

/** Little-endian bytes, rounded to the nearest by way of float32. */
export function encodeHalves(values: readonly number[], datatype: HalfDatatype): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(values.length * 2));
  values.forEach((value, index) => view.setUint16(index * 2, encodeHalf(value, datatype), true));
  return new Uint8Array(view.buffer);
}

export function decodeHalves(bytes: Uint8Array, datatype: HalfDatatype): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength / 2 }, (_, index) => decodeHalf(view.getUint16(index * 2, true), datatype));
}

function encodeHalf(value: number, datatype: HalfDatatype): number {
  const { fractionBits, bias } = formats[datatype];
  scratch.setFloat32(0, value);
  const sign = (scratch.getUint32(0) >>> 16) & 0x8000;
  const size = Math.abs(scratch.getFloat32(0));
  const infinity = (0x7fff >> fractionBits) << fractionBits;
  if (Number.isNaN(size)) return sign | infinity | 1;
  if (size === Infinity) return sign | infinity;
  // The step between neighbours of this size; the smallest numbers have all the same step.
  const exponent = Math.max(Math.floor(Math.log2(size)), 1 - bias);
  const steps = nearestEven(size / 2 ** (exponent - fractionBits));
  // A full count of steps carries into the exponent by itself.
  return sign | Math.min(infinity, (exponent + bias - 1) * 2 ** fractionBits + steps);
}

function nearestEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

function decodeHalf(bits: number, datatype: HalfDatatype): number {
  const { fractionBits, bias } = formats[datatype];
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits & 0x7fff) >> fractionBits;
  const fraction = (bits & ((1 << fractionBits) - 1)) / 2 ** fractionBits;
  if (exponent === 0x7fff >> fractionBits) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}
