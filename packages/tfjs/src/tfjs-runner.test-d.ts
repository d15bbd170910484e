import type { GraphModel } from "@tensorflow/tfjs-converter";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { kwargs, NdArray, type NamedTensors } from "bentoml-core";
import { expectTypeOf, test } from "vitest";
import { get, importModel, loadModel, saveModel, type NativeSavedModel, type TfjsModel } from "./index.js";

declare const tensor: Tensor;

test("run takes arrays of every kind, and gives arrays", () => {
  const runner = get("digits:latest").toRunner({ backend: "wasm", workers: 2 });
  expectTypeOf(runner.run(NdArray.zeros("float32", [1, 2]))).resolves.toEqualTypeOf<NdArray | NamedTensors>();
  void runner.run(new Float32Array(4), [[1, 2]], "text", true);
  void runner.run(tensor);
  void runner.run({ a: [[1, 2]], b: tensor });
  void runner.run(kwargs({ a: new Uint8Array(3) }));
  void runner.methods["embed"]?.(["a", "b"]);
  // @ts-expect-error a function is no value
  void runner.run(() => 1);
  // @ts-expect-error there is no such backend
  void get("digits").toRunner({ backend: "webgl" });
});

test("models are live ones and paths", () => {
  expectTypeOf(saveModel("a", {} as LayersModel)).resolves.toEqualTypeOf<TfjsModel>();
  expectTypeOf(saveModel("a", {} as GraphModel, { signatures: { run: { batchable: false } } })).resolves.toEqualTypeOf<TfjsModel>();
  void importModel("a", "folder", { tags: ["serve"], signature: "embed" });
  // @ts-expect-error a live model is no folder
  void importModel("a", {} as LayersModel);
  // @ts-expect-error bytes are no model
  void saveModel("a", new Uint8Array(3));
  expectTypeOf(loadModel("a")).resolves.toEqualTypeOf<LayersModel | GraphModel | NativeSavedModel>();
});

declare module "./index.js" {
  interface Models {
    "digits:v1": { inputs: { image: "float32" }; outputs: { probabilities: "float32" } };
    "pair:1": { inputs: { ids: "int64"; text: "string" }; inputOrder: ["ids", "text"]; outputs: { sum: "int32"; flag: "bool" } };
    "unordered:1": { inputs: { a: "float32"; b: "float32" }; outputs: { y: "float32" } };
  }
}

declare const float32: NdArray<"float32">;
declare const float64: NdArray<"float64">;
declare const int64: NdArray<"int64">;
declare const strings: NdArray<"string">;
declare const anyTag: string;

test("a model that Models names is typed by its tag", () => {
  const { run } = get("digits:v1").toRunner({ backend: "cpu" });
  expectTypeOf(run(float32)).resolves.toEqualTypeOf<NdArray<"float32">>();
  expectTypeOf(run({ image: tensor })).resolves.toEqualTypeOf<NdArray<"float32">>();
  expectTypeOf(get("digits:v1").withOptions({ workers: 1 }).toRunner().run([[0.5]])).resolves.toEqualTypeOf<NdArray<"float32">>();
  expectTypeOf(run.with({ timeoutMs: 5 })(new Float32Array(4))).resolves.toEqualTypeOf<NdArray<"float32">>();
  void run(kwargs({ image: float32 }));
  // @ts-expect-error a cast could lose digits, so that it must be written
  void run(float64);
  // @ts-expect-error no input has this name
  void run({ picture: float32 });
  // @ts-expect-error one input, one argument
  void run(float32, float32);
  // @ts-expect-error an input is missing
  void run();
  // @ts-expect-error lists of texts are no numbers
  void run([["a"]]);
});

test("several inputs go by place or by name; several outputs are a record", () => {
  const { run } = get("pair:1").toRunner();
  type Result = { readonly sum: NdArray<"int32">; readonly flag: NdArray<"bool"> };
  expectTypeOf(run(int64, strings)).resolves.toEqualTypeOf<Result>();
  expectTypeOf(run({ ids: [1, 2n], text: ["a", "b"] })).resolves.toEqualTypeOf<Result>();
  // @ts-expect-error the other way round
  void run(strings, int64);
  // @ts-expect-error an input is missing
  void run({ ids: int64 });
  expectTypeOf(get("unordered:1").toRunner().run(float32, float32)).resolves.toEqualTypeOf<NdArray<"float32">>();
});

test("other tags have general types", () => {
  expectTypeOf(get(anyTag)).toEqualTypeOf<TfjsModel>();
  expectTypeOf(get("other:1").toRunner().run(float32, strings)).resolves.toEqualTypeOf<NdArray | NamedTensors>();
  expectTypeOf(get("other:1").toRunner().run(float32 as NdArray)).resolves.toEqualTypeOf<NdArray | NamedTensors>();
});
