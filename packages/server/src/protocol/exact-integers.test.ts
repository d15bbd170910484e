import fc from "fast-check";
import { expect, test } from "vitest";
import { quoteLongIntegers } from "./exact-integers.js";

test("long integers become strings of their digits, everything else stays", () => {
  const json = '{"a":[9007199254740993,-9223372036854775808,12,1.5e300,1234567890123456.5,"9007199254740993",true]}';
  expect(JSON.parse(quoteLongIntegers(json))).toEqual({
    a: ["9007199254740993", "-9223372036854775808", 12, 1.5e300, 1234567890123456.5, "9007199254740993", true],
  });
});

test("digits in strings are not touched, also behind escaped quotes and backslashes", () => {
  for (const text of ['a"1234567890123456789', "\\", '\\"1234567890123456789', "1234567890123456789"]) {
    const json = JSON.stringify({ [text]: [text] });
    expect(quoteLongIntegers(json)).toBe(json);
  }
});

test("any JSON keeps its meaning apart from long integers", () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const short = JSON.stringify(JSON.parse(json), (_key, value: unknown) =>
        typeof value === "number" && Number.isInteger(value) && Math.abs(value) >= 1e14 ? 0 : value,
      );
      expect(JSON.parse(quoteLongIntegers(short))).toEqual(JSON.parse(short));
    }),
  );
});

test("any 64-bit integer comes through whole", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (integer) => {
      const [value] = JSON.parse(quoteLongIntegers(`[ ${integer} ]`)) as [string | number];
      expect(BigInt(value)).toBe(integer);
    }),
  );
});

test("a text that ends within a string or a number does not hang it", () => {
  expect(quoteLongIntegers('["abc\\')).toBe('["abc\\');
  expect(quoteLongIntegers("[12345678901234567890")).toBe('["12345678901234567890"');
});
