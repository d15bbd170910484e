import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeElements, encodeElements } from "./bytes-elements.js";

test("elements come back as they were", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), (elements) => {
      expect(decodeElements("x", encodeElements(elements), elements.length)).toEqual(elements);
    }),
  );
});

test("the binary form is a little-endian length in front of UTF-8", () => {
  expect(encodeElements(["é", ""]).toString("hex")).toBe("02000000c3a900000000");
});

test("a replacement character that was really sent is kept", () => {
  expect(decodeElements("x", encodeElements(["\ufffd"]), 1)).toEqual(["\ufffd"]);
});

test.each([
  ["bytes that are no UTF-8", "02000000fffe", 1, /element 0 is not UTF-8/],
  ["an element past the end", "03000000ab", 1, /element 0 ends after/],
  ["a length past the end", "0100000041aaaaaa", 2, /element 1 ends after/],
  ["bytes left over", "010000004100", 1, /1 bytes are left/],
  ["more elements than bytes could hold", "00000000", 1_000_000_000, /asks for 1000000000 BYTES elements/],
])("%s are refused", (_what, hex, count, message) => {
  expect(() => decodeElements("words", Buffer.from(hex, "hex"), count)).toThrow(message);
  expect(() => decodeElements("words", Buffer.from(hex, "hex"), count)).toThrow(/input "words"/);
});
