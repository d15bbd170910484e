import type { NdArray } from "bentoml-core";
import { expectTypeOf, test } from "vitest";
import { DataFrame, Pipeline, get, saveModel, type FittedPipeline, type FrameLike } from "./index.js";

test("methods have the types of frames and arrays", () => {
  const runner = get("iris:latest").toRunner({ workers: 2 });
  expectTypeOf(runner.transform([{ a: 1 }])).resolves.toEqualTypeOf<NdArray>();
  expectTypeOf(runner.transform({ a: [1], b: Float32Array.of(2) })).resolves.toEqualTypeOf<NdArray>();
  expectTypeOf(get<FrameLike>("iris:latest").toRunner().transform(DataFrame.from({ a: [1] }))).resolves.toEqualTypeOf<FrameLike>();
  expectTypeOf(new Pipeline({ steps: [] }).fit([{ a: 1 }])).toEqualTypeOf<FittedPipeline>();
  // @ts-expect-error text is no frame
  void runner.transform("a,b");
  // @ts-expect-error there is no such step
  new Pipeline({ steps: [{ kind: "normalizer" }] });
  // @ts-expect-error a pipeline must be fitted
  void saveModel("a", new Pipeline({ steps: [] }));
});
