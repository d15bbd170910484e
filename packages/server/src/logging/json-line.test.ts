import fc from "fast-check";
import { expect, test } from "vitest";
import { isoTime, jsonText } from "./json-line.js";

test("any text is read back as it was", () => {
  const character = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
  fc.assert(fc.property(fc.string({ unit: character }), (text) => JSON.parse(jsonText(text)) === text));
  for (const text of ["", "plain /v2?", '"', "\\", "\n", "\u007f", "ü", "\u2028", "a".repeat(1000)]) expect(JSON.parse(jsonText(text))).toBe(text);
});

test("a time is as a Date writes it, whatever the order", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 4e12 }), (ms) => isoTime(ms) === new Date(ms).toISOString()));
  expect([999, 1000, 1001, 999].map(isoTime)).toEqual([999, 1000, 1001, 999].map((ms) => new Date(ms).toISOString()));
});
