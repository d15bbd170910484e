import { expect, test } from "vitest";
import { decodeHalves, encodeHalves, isHalf, type HalfDatatype } from "./half-floats.js";

const all = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);

const known = {
  FP16: [[0x3c00, 1], [0xc000, -2], [0x0001, 2 ** -24], [0x03ff, 2 ** -14 - 2 ** -24], [0x7bff, 65504], [0x3555, 0.333251953125], [0x7c00, Infinity], [0x8000, -0]],
  BF16: [[0x3f80, 1], [0xc000, -2], [0x0001, 2 ** -133], [0x7f7f, 2 ** 128 - 2 ** 120], [0x3eab, 0.333984375], [0xff80, -Infinity], [0x8000, -0]],
} as const;

test.each(["FP16", "BF16"] as const)("the numbers of known bits of %s", (datatype) => {
  for (const [bits, number] of known[datatype]) expect([bits, decodeHalves(Uint8Array.of(bits & 0xff, bits >> 8), datatype)]).toEqual([bits, [number]]);
});

test.each(["FP16", "BF16"] as const)("every %s goes back to its bits", (datatype: HalfDatatype) => {
  const numbers = decodeHalves(new Uint8Array(all.buffer), datatype);
  const back = new Uint16Array(encodeHalves(numbers, datatype).buffer);
  expect(numbers.filter((number, bits) => !Number.isNaN(number) && back[bits] !== bits)).toEqual([]);
  expect(Number.isNaN(decodeHalves(encodeHalves([NaN], datatype), datatype)[0])).toBe(true);
});

test.each([["FP16", 1e9, Infinity], ["FP16", 1 + 2 ** -11, 1], ["FP16", 1 + 3 * 2 ** -11, 1 + 2 ** -9], ["FP16", -1e-9, -0], ["BF16", 0.1, 0.10009765625]] as const)("%s of %d", (datatype, value, expected) => {
  expect(decodeHalves(encodeHalves([value], datatype), datatype)).toEqual([expected]);
});

test("which dtypes these are", () => {
  expect(["FP16", "BF16", "FP32", "INT16"].map(isHalf)).toEqual([true, true, false, false]);
});
