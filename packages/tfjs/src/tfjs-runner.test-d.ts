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
