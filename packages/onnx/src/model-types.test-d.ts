import { kwargs, type NamedTensors, type NdArray, type Tag } from "bentoml-core";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { expectTypeOf, test } from "vitest";
import { get, loadModel, saveModel, type OnnxModel, type OnnxRunner } from "./index.js";

declare module "./index.js" {
  interface Models {
    "digits:latest": { inputs: { image: "float32" }; outputs: { probabilities: "float32" } };
    "pair:1": { inputs: { ids: "int64"; text: "string" }; inputOrder: ["ids", "text"]; outputs: { sum: "int64"; flag: "bool" } };
    "unordered:1": { inputs: { a: "float32"; b: "float32" }; outputs: { y: "float16" } };
  }
}

declare const float32: NdArray<"float32">;
declare const float64: NdArray<"float64">;
declare const int64: NdArray<"int64">;
declare const uint8: NdArray<"uint8">;
declare const strings: NdArray<"string">;
declare const tensor: Tensor;
declare const anyTag: string;
declare const parsedTag: Tag;

test("a model that Models names is typed by its tag", () => {
  const { run } = get("digits:latest").toRunner();
  expectTypeOf(run(float32)).resolves.toEqualTypeOf<NdArray<"float32">>();
  expectTypeOf(run({ image: float32 })).resolves.toEqualTypeOf<NdArray<"float32">>();
  expectTypeOf(run.with({ timeoutMs: 5 })(float32)).resolves.toEqualTypeOf<NdArray<"float32">>();
  void run(uint8);
  void run(new Float32Array(784));
  void run([[0, 0.5]]);
  void run(tensor);
  void run(kwargs({ image: float32 }));
  // @ts-expect-error -- strings are no numbers
  void run(strings);
  // @ts-expect-error -- a cast could lose digits, so that it must be written
  void run(float64);
  // @ts-expect-error -- no input has this name
  void run({ picture: float32 });
  // @ts-expect-error -- one input, one argument
  void run(float32, float32);
  // @ts-expect-error -- an input is missing
  void run();
  // @ts-expect-error -- lists of strings are no numbers
  void run([["a"]]);
});

test("several inputs go by place, by name or as keywords; several outputs are a record", () => {
  const { run } = get("pair:1").toRunner();
  type Result = { readonly sum: NdArray<"int64">; readonly flag: NdArray<"bool"> };
  expectTypeOf(run(int64, strings)).resolves.toEqualTypeOf<Result>();
  expectTypeOf(run({ ids: [1, 2n], text: ["a", "b"] })).resolves.toEqualTypeOf<Result>();
  void run(new BigInt64Array(2), ["a", "b"]);
  // @ts-expect-error -- the other way round
  void run(strings, int64);
  // @ts-expect-error -- an input is missing
  void run({ ids: int64 });
  // @ts-expect-error -- fractions are no integers
  void run(float32, strings);
});

test("without an order, places are not told apart", () => {
  const { run } = get("unordered:1").toRunner();
  expectTypeOf(run(float32, float32)).resolves.toEqualTypeOf<NdArray<"float16">>();
  expectTypeOf(run({ a: float32, b: [1] })).resolves.toEqualTypeOf<NdArray<"float16">>();
  // @ts-expect-error -- an input is missing
  void run({ a: float32 });
  // @ts-expect-error -- strings are no numbers
  void run(float32, strings);
});

test("other tags have general types", () => {
  const { run } = get("other:1").toRunner();
  expectTypeOf(run(float32)).resolves.toEqualTypeOf<NdArray | NamedTensors>();
  expectTypeOf(run(float32 as NdArray)).resolves.toEqualTypeOf<NdArray | NamedTensors>();
  void run({ a: float32, b: strings });
  void run([1], [[2n]], "x", true);
  // @ts-expect-error -- no kind of value that an input takes
  void run(new Date());
  expectTypeOf(get(anyTag)).toEqualTypeOf<OnnxModel>();
  expectTypeOf(get(parsedTag)).toEqualTypeOf<OnnxModel>();
});

test("options", () => {
  const model = get("digits:latest");
  expectTypeOf(model.toRunner({ intraOpNumThreads: 2, maxBatchSize: 8 }).run(float32)).resolves.toEqualTypeOf<NdArray<"float32">>();
  expectTypeOf(model.withOptions({ spinning: true }).toRunner().run(float32)).resolves.toEqualTypeOf<NdArray<"float32">>();
  // Other outputs make other results.
  expectTypeOf(model.toRunner({ outputs: ["logits"] })).toEqualTypeOf<OnnxRunner>();
  expectTypeOf(model.withOptions({ outputs: ["logits"] })).toEqualTypeOf<OnnxModel>();
  // @ts-expect-error -- no such option
  void model.toRunner({ intraOpThreads: 2 });
  expectTypeOf(model.toRunner()[Symbol.asyncDispose]()).toEqualTypeOf<Promise<void>>();
});

test("saving and loading", () => {
  expectTypeOf(saveModel("m", "m.onnx")).resolves.toEqualTypeOf<OnnxModel>();
  expectTypeOf(loadModel(get("digits:latest"))).resolves.toEqualTypeOf<InferenceSession>();
  // @ts-expect-error -- a path or bytes
  void saveModel("m", 7);
  // @ts-expect-error -- the only method is run
  void saveModel("m", "m.onnx", { signatures: { predict: {} } });
});
