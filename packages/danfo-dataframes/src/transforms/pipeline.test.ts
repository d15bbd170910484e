import { InvalidArgumentError, NdArray } from "bentoml-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DataFrame } from "../data-frame.js";
import { ForeignFrame } from "../foreign-frame.testing.js";
import { FittedPipeline } from "./fitted-pipeline.js";
import { Pipeline } from "./pipeline.js";
import type { PipelineRecipe } from "./steps.js";

const frame = DataFrame.from({ height: [1, 2, 5], city: ["b", "a", "b"], day: [new Date(0), new Date(1), new Date(2)], old: [true, false, null] });

const fit = (recipe: PipelineRecipe) => new Pipeline(recipe).fit(frame);

describe("a recipe", () => {
  test.each([
    [{}, /recipe\.steps is undefined: it must be a list/],
    [{ steps: [{ kind: "scale" }] }, /recipe\.steps\[0\]\.kind is "scale": it must be one of "select", "fill"/],
    [{ steps: [], output: "int8" }, /recipe\.output is "int8"/],
    [{ steps: [], outputs: "float32" }, /recipe\.outputs is no field; recipe has steps, output/],
    [{ steps: [{ kind: "select" }] }, /recipe\.steps\[0\]\.columns is undefined/],
    [{ steps: [{ kind: "select", columns: ["a", "a"] }] }, /none twice/],
    [{ steps: [{ kind: "minMaxScaler", range: [1, 1] }] }, /recipe\.steps\[0\]\.range is \[1,1\]/],
    [{ steps: [{ kind: "fill", strategy: "mean", value: 3 }] }, /recipe\.steps\[0\]\.strategy is "mean": it must be left out/],
    [{ steps: [{ kind: "fill", value: null }] }, /recipe\.steps\[0\]\.value is null/],
    [{ steps: [{ kind: "oneHot", categories: { a: ["x", "x"] } }] }, /recipe\.steps\[0\]\.categories\.a is \["x","x"\]/],
    [{ steps: [{ kind: "ordinal", unknown: "ignore" }] }, /recipe\.steps\[0\]\.unknown is "ignore"/],
    [new Map(), /recipe is \{\}: it must be a plain object/],
  ])("%j is refused by the path of its wrong field", (recipe, message) => {
    expect(() => new Pipeline(recipe as PipelineRecipe)).toThrow(message);
    expect(() => new Pipeline(recipe as PipelineRecipe)).toThrow(InvalidArgumentError);
  });

  test.each<[PipelineRecipe, RegExp]>([
    [{ steps: [{ kind: "select", columns: ["weight"] }] }, /recipe\.steps\[0\] \(select\): There is no column "weight"; the frame has "height", "city"/],
    [{ steps: [{ kind: "standardScaler", columns: ["city"] }] }, /Column "city" is of dtype string: it must have numbers/],
    [{ steps: [{ kind: "fill", columns: ["city"] }] }, /Column "city" is of dtype string and has no mean/],
    [{ steps: [{ kind: "fill", columns: ["height"], value: "x" }] }, /Column "height" is of dtype float64 and cannot be filled with "x"/],
    [{ steps: [{ kind: "oneHot", columns: ["day"] }] }, /dtype datetime, which has no categories/],
    [{ steps: [{ kind: "oneHot", columns: ["city"], categories: { city: ["a"] } }] }, /Row 0 of column "city" is "b", a category that was not there/],
    [{ steps: [{ kind: "ordinal", columns: ["city"], unknown: 1 }] }, /unknown is 1, which is the number of a category/],
    [{ steps: [{ kind: "ordinal", columns: ["city"], categories: { old: [true] } }] }, /categories for column "old", which the step does not encode/],
    [{ steps: [{ kind: "select", columns: ["city"] }] }, /Column "city" is of dtype string after the last step/],
  ])("%j cannot be fitted to a frame that it does not suit", (recipe, message) => {
    expect(() => fit(recipe)).toThrow(message);
  });

  test("nothing can be learnt of no rows and of no values", () => {
    const scale = new Pipeline({ steps: [{ kind: "standardScaler" }] });
    expect(() => scale.fit({ a: [] })).toThrow(/without rows/);
    expect(() => scale.fit({ a: [null, NaN] })).toThrow(/Column "a" has no value to fit with/);
    expect(() => scale.fit({ a: [1e308, 1e308] })).toThrow(/pipeline\.steps\[0\]\.fitted\[0\]\.mean is Infinity/);
    expect(() => scale.fit({ a: [1, -Infinity] })).toThrow(/Row 1 of column "a" is -Infinity/);
  });
});

describe("a fitted pipeline", () => {
  const pipeline = fit({
    steps: [
      { kind: "select", columns: ["city", "height", "old"] },
      { kind: "oneHot", columns: ["city"], unknown: "ignore" },
      { kind: "fill", columns: ["old"], value: false },
    ],
  });

  test("needs the columns that it reads, in any order, and no others", () => {
    expect(pipeline.fitted.inputs).toEqual([
      { name: "height", kind: "number" },
      { name: "city", kind: "string" },
      { name: "old", kind: "bool" },
    ]);
    expect(pipeline.columns).toEqual(["city_a", "city_b", "height", "old"]);
    const rows = [{ old: true, city: "a", height: 7n, other: 3 }, { old: null, city: "z", height: null }];
    expect(pipeline.transform(rows)).toEqual(new NdArray("float32", [2, 4], Float32Array.of(1, 0, 7, 1, 0, 0, NaN, 0)));
    expect(() => pipeline.transform({ city: ["a"], height: [1] })).toThrow(/There is no column "old"/);
    expect(() => pipeline.transform({ city: ["a"], height: ["1"], old: [true] })).toThrow(/Column "height" is of dtype string, but the pipeline was fitted with numbers/);
    expect(pipeline.transform({ city: [null], height: [null], old: [null] })).toEqual(new NdArray("float32", [1, 4], Float32Array.of(0, 0, NaN, 0)));
  });

  test("leaves out what a select drops unread, and what an encoder has used up", () => {
    const few = fit({ steps: [{ kind: "ordinal", columns: ["city"] }, { kind: "select", columns: ["height"] }] });
    expect(few.fitted.inputs.map(({ name }) => name)).toEqual(["height", "city"]);
    const selected = fit({ steps: [{ kind: "select", columns: ["height"] }] });
    expect(selected.fitted.inputs.map(({ name }) => name)).toEqual(["height"]);
  });

  test("answers with a frame of the caller's class, with its labels", () => {
    const scaled = new Pipeline({ steps: [{ kind: "select", columns: ["height"] }, { kind: "minMaxScaler" }], output: "dataframe" }).fit(frame);
    const foreign = new ForeignFrame([[1], [2.5]], { columns: ["height"], dtypes: ["float32"], index: ["a", "b"] });
    const answer = scaled.transform(foreign);
    expect(answer).toBeInstanceOf(ForeignFrame);
    expect(answer).toEqual(new ForeignFrame([[0], [0.375]], { columns: ["height"], dtypes: ["float32"], index: ["a", "b"] }));
  });

  test("changes nothing of what it is given", () => {
    const given = { city: ["a"], height: Float64Array.of(2), old: [null] };
    pipeline.transform(given);
    expect(given).toEqual({ city: ["a"], height: Float64Array.of(2), old: [null] });
  });

  test("gives each row the same alone as with others", () => {
    const record = fc.record({ city: fc.constantFrom("a", "b", "c", null), height: fc.option(fc.double({ noDefaultInfinity: true })), old: fc.option(fc.boolean()) });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), (records) => {
        const together = pipeline.transform(records) as NdArray;
        const alone = records.map((one) => pipeline.transform([one]) as NdArray);
        expect(NdArray.concat(alone, 0)).toEqual(together);
      }),
    );
  });

  test.each([
    ["steps", [{ kind: "standardScaler", fitted: [{ column: "a", mean: null, scale: 1 }] }], /pipeline\.steps\[0\]\.fitted\[0\]\.mean is null/],
    ["steps", [{ kind: "minMaxScaler", fitted: [{ column: "a", offset: 0, scale: 0 }] }], /pipeline\.steps\[0\]\.fitted\[0\]\.scale is 0: it must be above 0/],
    ["steps", [{ kind: "oneHot", fitted: [], unknown: "zero" }], /pipeline\.steps\[0\]\.unknown is "zero"/],
    ["steps", [{ kind: "fill", fitted: [{ column: "a", value: 1, extra: 1 }] }], /pipeline\.steps\[0\]\.fitted\[0\]\.extra is no field/],
    ["inputs", [{ name: "a", kind: "text" }], /pipeline\.inputs\[0\]\.kind is "text"/],
    ["columns", [], /pipeline\.columns is \[\]/],
    ["more", 1, /pipeline\.more is no field/],
  ])("with a wrong field %s is refused by its path", (field, value, message) => {
    const broken = { ...(JSON.parse(JSON.stringify(pipeline)) as object), [field]: value };
    expect(() => FittedPipeline.fromJSON(broken)).toThrow(message);
  });
});
