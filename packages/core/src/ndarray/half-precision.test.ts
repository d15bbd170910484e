import fc from "fast-check";
import { expect, test } from "vitest";
import { bfloat16ToNumber, float16ToNumber, numberToBfloat16, numberToFloat16 } from "./half-precision.js";

/** A 16-bit float by its definition, with none of the tricks of the code under test. */
function byDefinition(bits: number, fractionBits: number, bias: number): number {
  const exponentBits = 15 - fractionBits;
  const sign = bits >= 0x8000 ? -1 : 1;
  const exponent = Math.floor(bits / 2 ** fractionBits) % 2 ** exponentBits;
  const fraction = (bits % 2 ** fractionBits) / 2 ** fractionBits;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * 2 ** (1 - bias) * fraction;
  return sign * 2 ** (exponent - bias) * (1 + fraction);
}

const formats = [
  { name: "float16", fractionBits: 10, bias: 15, decode: float16ToNumber, encode: numberToFloat16, infinity: 0x7c00 },
  { name: "bfloat16", fractionBits: 7, bias: 127, decode: bfloat16ToNumber, encode: numberToBfloat16, infinity: 0x7f80 },
];

for (const { name, fractionBits, bias, decode, encode, infinity } of formats) {
  test(`every one of the 65,536 ${name} values decodes to its number and encodes back to its bits`, () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 0x10000; bits++) {
      const number = decode(bits);
      if (!Object.is(number, byDefinition(bits, fractionBits, bias))) wrong.push(bits);
      const back = encode(number);
      const kept = Number.isNaN(number) ? Number.isNaN(decode(back)) : back === bits;
      if (!kept) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  /** Non-negative finite values by their bits, which are in the order of the values; then what overflow rounds to. */
  const magnitudes = Array.from({ length: infinity }, (_unused, bits) => byDefinition(bits, fractionBits, bias));
  const beyond = magnitudes.at(-1)! + (magnitudes.at(-1)! - magnitudes.at(-2)!);

  /** Nearest of all values by looking at its two neighbours, the even bits on a tie. */
  function nearest(value: number): number {
    const magnitude = Math.abs(value);
    const above = magnitudes.findIndex((other) => other >= magnitude);
    const upper = above < 0 ? infinity : above;
    const lower = upper === 0 ? 0 : upper - 1;
    const toUpper = (magnitudes[upper] ?? beyond) - magnitude;
    const toLower = magnitude - magnitudes[lower]!;
    const bits = toUpper < toLower || (toUpper === toLower && upper % 2 === 0) ? upper : lower;
    return Object.is(Math.sign(value), -0) || value < 0 ? bits + 0x8000 : bits;
  }

  test(`${name} encoding gives the nearest value, ties to even`, () => {
    const between = fc.tuple(fc.integer({ min: 0, max: infinity - 2 }), fc.constantFrom(0.25, 0.5, 0.75, 0.5 + 2 ** -30, 0.5 - 2 ** -30), fc.boolean());
    fc.assert(
      fc.property(between, ([bits, share, negative]) => {
        const value = magnitudes[bits]! + (magnitudes[bits + 1]! - magnitudes[bits]!) * share;
        const signed = negative ? -value : value;
        expect(encode(signed)).toBe(nearest(signed));
      }),
      { numRuns: 300 },
    );
  });

  test(`${name} encoding of any double gives the nearest value`, () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -beyond, max: beyond }), (value) => {
        expect(encode(value)).toBe(nearest(value));
      }),
    );
  });

  test(`${name} overflows to Infinity half a step above its greatest value and keeps NaN`, () => {
    const greatest = magnitudes.at(-1)!;
    const half = (greatest + beyond) / 2;
    expect(encode(half - half * 2 ** -40)).toBe(infinity - 1);
    expect(encode(half)).toBe(infinity);
    expect(encode(-half)).toBe(infinity + 0x8000);
    expect(encode(Number.MAX_VALUE)).toBe(infinity);
    expect(encode(Infinity)).toBe(infinity);
    expect(encode(-Infinity)).toBe(infinity + 0x8000);
    expect(decode(encode(NaN))).toBeNaN();
  });

  test(`${name} underflows to a zero of the same sign`, () => {
    const least = magnitudes[1]!;
    expect(encode(least / 2)).toBe(0);
    expect(encode((least / 2) * (1 + 2 ** -40))).toBe(1);
    expect(encode(-least / 4)).toBe(0x8000);
    expect(encode(Number.MIN_VALUE)).toBe(0);
    expect(encode(-Number.MIN_VALUE)).toBe(0x8000);
    expect(encode(-0)).toBe(0x8000);
  });
}

test("a double just above a tie is not rounded twice", () => {
  // As float32 it would be exactly 1 + 2^-11, half way between two float16 values, and round down to 1.
  expect(numberToFloat16(1 + 2 ** -11 + 2 ** -40)).toBe(0x3c01);
  expect(numberToBfloat16(1 + 2 ** -8 + 2 ** -40)).toBe(0x3f81);
});
