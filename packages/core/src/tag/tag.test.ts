import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { InvalidArgumentError } from "../errors/index.js";
import { Tag } from "./index.js";

afterEach(() => {
  vi.restoreAllMocks();
});

const part = fc.stringMatching(/^[a-z0-9]([-._a-z0-9]{0,61}[a-z0-9])?$/);

test("what is printed is read back as the same tag", () => {
  fc.assert(
    fc.property(part, fc.option(part, { nil: undefined }), (name, version) => {
      const tag = new Tag(name, version);
      expect(Tag.parse(tag.toString())).toEqual(tag);
      expect(Tag.parse(tag.toString()).equals(tag)).toBe(true);
    }),
  );
});

test("any text either is refused by name or becomes a tag whose parts keep the rule", () => {
  vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" }), part.map((text) => `${text}\n`)), (text) => {
      let tag: Tag;
      try {
        tag = Tag.parse(text);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidArgumentError);
        return;
      }
      for (const value of [tag.name, tag.version ?? "a"]) {
        expect(value).toMatch(/^[-._a-z0-9]{1,63}$/);
        expect(value).not.toMatch(/^[-._]|[-._]$|\s/);
      }
    }),
    { numRuns: 500 },
  );
});

test.each(["a\n", "a:b\n", "a\n:b", "a:b\r\n"])("D10: refuses the trailing line break of %j", (text) => {
  expect(() => Tag.parse(text)).toThrow(InvalidArgumentError);
});

test.each(["", ":x", "a:b:c", "a/b", "../a", ".a", "a-", "ä", "\u212A", "a b", "a".repeat(64), "İ"])(
  "refuses %j",
  (text) => {
    expect(() => Tag.parse(text)).toThrow(InvalidArgumentError);
  },
);

test("takes parts of up to 63 characters", () => {
  const long = "a".repeat(63);
  expect(Tag.parse(`${long}:${long}`).version).toBe(long);
});

test("a trailing colon is answered with what was meant", () => {
  expect(() => Tag.parse("digits:")).toThrow('"digits" or "digits:latest"');
  expect(() => Tag.parse("a::latest")).toThrow('":latest" is not a valid version');
});

test("capitals are lowered with a warning of its own code", () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  expect(Tag.parse("Digits:V1").toString()).toBe("digits:v1");
  expect(warn).toHaveBeenCalledTimes(2);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('"Digits"'), { type: "BentoMLWarning", code: "BENTOML_TAG_LOWERCASED" });
  warn.mockClear();
  Tag.parse("digits:v1");
  expect(warn).not.toHaveBeenCalled();
});

test("a tag cannot be changed", () => {
  const tag = Tag.parse("digits");
  expect(() => Object.assign(tag, { version: "v2" })).toThrow(TypeError);
});

test("from gives the same Tag back and reads text and tags of another copy", () => {
  const tag = Tag.parse("digits:v1");
  expect(Tag.from(tag)).toBe(tag);
  expect(Tag.from("digits:v1").equals(tag)).toBe(true);
  expect(Tag.from({ name: "digits", version: "v1" }).equals(tag)).toBe(true);
  for (const nothing of [undefined, null] as never[]) expect(() => Tag.from(nothing)).toThrow('A tag must be text such as "digits:v1", got');
});

test("D10: latest may be looked up, and not be saved", () => {
  expect(Tag.parse("digits:latest").isLatest).toBe(true);
  expect(Tag.parse("digits").isLatest).toBe(true);
  expect(Tag.parse("digits:v1").isLatest).toBe(false);
  expect(() => Tag.parse("digits:latest").forNewModel()).toThrow('"latest" always means the newest');
  expect(Tag.parse("digits").forNewModel().version).toMatch(/^[a-z2-7]{16}$/);
  expect(Tag.parse("digits:v1").forNewModel().version).toBe("v1");
});

test("equality is by name and version, and only between tags", () => {
  expect(Tag.parse("a:1").equals(Tag.parse("a:1"))).toBe(true);
  expect(Tag.parse("a:1").equals(Tag.parse("a:2"))).toBe(false);
  expect(Tag.parse("a").equals("a")).toBe(false);
});

test("order is by name, then without version first, then by version", () => {
  const sorted = ["b", "a:2", "a:10", "a", "b:1"].map((text) => Tag.parse(text)).sort(Tag.compare);
  expect(sorted.map(String)).toEqual(["a", "a:10", "a:2", "b", "b:1"]);
  expect(Tag.compare(Tag.parse("a"), Tag.parse("a"))).toBe(0);
});

test("new versions are 16 characters of base32 with the bits of a UUID, and never the same", () => {
  const versions = Array.from({ length: 2000 }, () => Tag.newVersion());
  expect(new Set(versions).size).toBe(versions.length);
  for (const version of versions) {
    expect(version).toMatch(/^[a-z2-7]{16}$/);
    // Bits 48 and 49 are the variant of a UUID, 10: the tenth character holds bits 45 to 49.
    expect("abcdefghijklmnopqrstuvwxyz234567".indexOf(version[9]!) & 3).toBe(2);
  }
});

test("tags of another copy of the package are equal too", () => {
  const foreign = { [Symbol.for("bentoml.Tag")]: true, name: "digits", version: "v1" };
  expect(new Tag("digits", "v1").equals(foreign)).toBe(true);
  expect(new Tag("digits", "v2").equals(foreign)).toBe(false);
  expect(new Tag("digits", "v1").equals({ name: "digits", version: "v1" })).toBe(false);
});
