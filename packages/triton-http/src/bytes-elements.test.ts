import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeElements, encodeElements, textOf } from "./bytes-elements.js";

test("elements of any bytes come back", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (elements) => {
      expect(decodeElements("o", encodeElements(elements)).map((one) => [...one])).toEqual(elements.map((one) => [...one]));
    }),
  );
});

test.each([
  ["a length that is cut", [3, 0, 0]],
  ["an element that is cut", [3, 0, 0, 0, 1, 2]],
  ["a length beyond all memory", [0xff, 0xff, 0xff, 0xff]],
])("%s", (_name, bytes) => {
  expect(() => decodeElements("o", Uint8Array.from(bytes))).toThrow('BYTES element 0 of output "o" ends after its');
});

test("text is UTF-8 or refused", () => {
  expect(textOf("o", 0, new TextEncoder().encode("☃"))).toBe("☃");
  expect(() => textOf("o", 3, Uint8Array.of(0xff))).toThrow('BYTES element 3 of output "o" is not UTF-8');
});
