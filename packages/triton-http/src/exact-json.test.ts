import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseExactly } from "./exact-json.js";

describe("parseExactly", () => {
  test.each([
    ["[NaN,Infinity,-Infinity]", ["NaN", "Infinity", "-Infinity"]],
    ["[18446744073709551615,-9223372036854775808]", ["18446744073709551615", "-9223372036854775808"]],
    ["[999999999999999,0.12345678901234567890,1e308,-0.0]", [999999999999999, Number("0.12345678901234567890"), 1e308, -0]],
    ['{"a":"NaN 12345678901234567890 \\" Infinity","b":true}', { a: 'NaN 12345678901234567890 " Infinity', b: true }],
    ['{"12345678901234567890":null}', { "12345678901234567890": null }],
  ])("%s", (json, value) => {
    expect(parseExactly(json)).toEqual(value);
  });

  test("whatever JSON.stringify writes comes back, but long integers as text", () => {
    const value = fc.jsonValue();
    fc.assert(
      fc.property(value, (given) => {
        const json = JSON.stringify(given, (_key, inner: unknown) => (typeof inner === "number" && Number.isInteger(inner) && Math.abs(inner) >= 1e15 ? 0 : inner));
        expect(parseExactly(json)).toEqual(JSON.parse(json));
      }),
    );
  });

  test.each(["[Nan]", "[1,]", "{x", "[-NaN]", ""])("%s is no JSON even so", (json) => {
    expect(() => parseExactly(json)).toThrow(SyntaxError);
  });
});
