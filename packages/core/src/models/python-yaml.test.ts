import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTimestamp, readYamlMapping, writeYaml } from "./python-yaml.js";

const trickyText = fc.constantFrom(
  "yes", "on", "y", "1e5", "1_0", "0x1", "~", "null", "=", "<<", "1:30", "12:30:45.5", "2001-01-01", "2001-1-1 1:00:00", "-", " - a", "a: b",
  "a #b", "# a", "? x", "!x", "\n", "a\n", "\n\na", "a\n b\n  c\n", " \na", "---", "...", "\t", "'", '"', "\\", "%a", "@a", "{", "]", "0o7", "08",
  ".1", "1.", "+.inf", ".NaN", "\ud800", "\r\n", "a\u0085b", "\u2028", "😀", "&a", "*a", ":", "|", "> x", "",
);
const text = fc.oneof(trickyText, fc.string({ unit: "binary" }), fc.array(trickyText, { maxLength: 4 }).map((parts) => parts.join("")));
const scalar = fc.oneof(text, fc.double(), fc.integer(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 80n }), fc.boolean(), fc.constant(null));
const value = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie("value"), { maxLength: 4 }), fc.dictionary(text, tie("value"), { maxKeys: 4 })),
})).value;

test("what is written is read back, whatever it looks like", () => {
  fc.assert(
    fc.property(fc.dictionary(text, value, { minKeys: 1, maxKeys: 5 }), (record) => {
      expect(readYamlMapping(writeYaml(record))).toEqual(Object.fromEntries(Object.entries(record)));
    }),
    { numRuns: 300 },
  );
}, 30_000);

test("dates and bytes come back as such", () => {
  const record = { time: new Date("2026-11-21T21:53:16.854Z"), bytes: Buffer.from("hello") };
  expect(readYamlMapping(writeYaml(record))).toEqual(record);
});

test("text that PyYAML would take for something else is quoted, and numbers are written as it reads them", () => {
  const record = { a: "yes", b: "1e5", c: 1e-7, d: 1e21, e: "=", f: "12:30", g: "line\nline", h: "2026-11-21", i: [0.5, 3, -0], j: "y" };
  expect(writeYaml(record)).toBe(
    [
      "a: 'yes'", "b: '1e5'", "c: 1.0e-7", "d: 1.0e+21", 'e: "="', "f: '12:30'", 'g: "line\\nline"', "h: '2026-11-21'",
      "i:", "- 0.5", "- 3", "- -0.0", "j: y", "",
    ].join("\n"),
  );
});

test("plain scalars mean what they mean to PyYAML", () => {
  const yaml = "a: 1e5\nb: yes\nc: y\nd: 0o17\ne: 017\nf: 1.0e+5\ng: 1:30\nh: 0x1F\ni: ~\nj:\nk: 123456789012345678901\nl: 2001-02-03\nm: .inf\nn: +5\n";
  expect(readYamlMapping(yaml)).toEqual({
    a: "1e5", b: true, c: "y", d: "0o17", e: 15, f: 100_000, g: 90, h: 31, i: null, j: null, k: 123456789012345678901n,
    l: new Date("2001-02-03T00:00:00Z"), m: Infinity, n: 5,
  });
});

test("anchors are followed, and a key that would change an object's prototype does nothing", () => {
  const record = readYamlMapping("a: &id001\n- 1\nb: *id001\n__proto__:\n  polluted: true\n");
  expect(record["b"]).toEqual([1]);
  expect((record as { polluted?: boolean }).polluted).toBeUndefined();
});

test.each(["- a\n", "text", "", "a: [1\n", "a: 1\na: 2\n", "a: *nowhere\n", "\ta: 1"])("%j is refused", (yaml) => {
  expect(() => readYamlMapping(yaml)).toThrow();
});

test("a document that unfolds without end is refused", () => {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 9; level++) lines.push(`a${level}: &a${level} [${Array(9).fill(`*a${level - 1}`).join(", ")}]`);
  expect(() => readYamlMapping(lines.join("\n"))).toThrow(/alias/i);
});

test.each([
  ["2026-11-21T21:53:16.854052+00:00", "2026-11-21T21:53:16.854Z"],
  ["2026-11-21 21:53:16.8", "2026-11-21T21:53:16.800Z"],
  ["2026-11-21T21:53:16+02:00", "2026-11-21T19:53:16.000Z"],
  ["2026-11-21T21:53:16-0530", "2026-11-22T03:23:16.000Z"],
  ["2026-11-21T21:53:16Z", "2026-11-21T21:53:16.000Z"],
  ["2026-11-21", "2026-11-21T00:00:00.000Z"],
])("the time %s is %s", (written, expected) => {
  expect(parseTimestamp(written).toISOString()).toBe(expected);
});

test.each(["yesterday", "", "2026-13-01T00:00:00Z", "2026"])("%j is no time", (written) => {
  expect(parseTimestamp(written).getTime()).toBeNaN();
});
