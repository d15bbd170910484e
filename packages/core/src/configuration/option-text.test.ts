import fc from "fast-check";
import { expect, test } from "vitest";
import { readOptionText } from "./option-text.js";

const read = (text: string, environment: Record<string, string> = {}): unknown => readOptionText(text, "BENTOML_CONFIG_OPTIONS", environment);

test.each<[string, unknown]>([
  ["runners.batching.enabled=false", { runners: { batching: { enabled: false } } }],
  ["a=1 b.c=x\n\tb.d=~", { a: 1, b: { c: "x", d: null } }],
  ['runners."my.runner".timeout=5', { runners: { "my.runner": { timeout: 5 } } }],
  ["runners.'my.runner'.timeout=5", { runners: { "my.runner": { timeout: 5 } } }],
  ['runners.resources."nvidia.com/gpu"=[1, 3]', { runners: { resources: { "nvidia.com/gpu": [1, 3] } } }],
  ['runners.resources={cpu: 2, "nvidia.com/gpu": 1} x=1', { runners: { resources: { cpu: 2, "nvidia.com/gpu": 1 } }, x: 1 }],
  ['a="two words" b=c=d', { a: "two words", b: "c=d" }],
  ["a='100m' b=\"5\" c=5 d=1.5 e=on", { a: "100m", b: "5", c: 5, d: 1.5, e: true }],
  ["a=it's b=2", { a: "it's", b: 2 }],
  ["a=", { a: null }],
  ["a.b=1 a.b=2", { a: { b: 2 } }],
  ["", {}],
])("%j is %j", (text, section) => {
  expect(read(text)).toEqual(section);
});

test.each(["a", "=1", "a..b=1", ".a=1", "a.=1", "__proto__.x=1", "a.constructor.x=1"])("%j is refused with the form that is wanted", (text) => {
  expect(() => read(text)).toThrow(/BENTOML_CONFIG_OPTIONS has .*dotted\.key=value/);
});

test("a value that is no YAML is told with its option", () => {
  expect(() => read("a.b=[1")).toThrow(/BENTOML_CONFIG_OPTIONS has "a\.b=\[1": it is not YAML/);
});

test("what stands in ${…} is put in", () => {
  expect(read("a.b=${CORES:-4} a.c='${CORES:-4}'", { CORES: "8" })).toEqual({ a: { b: 8, c: "8" } });
});

test("whatever it is given, it answers or says what is wrong, and touches no prototype", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from("ab.='\"[]{} \n_${}:-0")), maxLength: 30 }), (text) => {
      try {
        read(text);
      } catch (error) {
        expect((error as Error).message).toContain("BENTOML_CONFIG_OPTIONS has");
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});
