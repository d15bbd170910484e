import type { AdapterModel, AnyRunner, NdArray, RunnerMethod, StoredModel, TypedRunner } from "bentoml-core";
import { expectTypeOf, test } from "vitest";
import type { ServableModel, ServableRunner } from "./served-model.js";

test("runners of core can be served, whether their methods are known or not", () => {
  expectTypeOf<AnyRunner>().toExtend<ServableRunner>();
  expectTypeOf<TypedRunner<{ readonly run: RunnerMethod<[NdArray], NdArray> }>>().toExtend<ServableRunner>();
});

test("models of core can be served", () => {
  expectTypeOf<StoredModel>().toExtend<ServableModel>();
  expectTypeOf<AdapterModel>().toExtend<ServableModel>();
});
