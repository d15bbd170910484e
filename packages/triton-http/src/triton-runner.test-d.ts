import { kwargs, NdArray, type AnyRunner, type AnyRunnerMethod, type NamedTensors, type RunnerHandle } from "bentoml-core";
import { expectTypeOf, test } from "vitest";
import {
  fromServer,
  get,
  InferInput,
  InferRequestedOutput,
  loadModel,
  saveModel,
  TritonRunner,
  TritonRunnerHandle,
  type InferResult,
  type ModelMetadata,
  type TritonClient,
  type TritonModel,
  type TritonModelRunner,
} from "./index.js";

declare const client: TritonClient;
declare const array: NdArray<"float32">;

test("a stored model's runner is a runner as any other", () => {
  const model = get("resnet:latest");
  expectTypeOf(model).toEqualTypeOf<TritonModel>();
  const runner = model.toRunner({ url: "http://127.0.0.1:8000", client: { retries: 1, encoding: "json" }, name: "resnet" });
  expectTypeOf(runner).toEqualTypeOf<TritonModelRunner>();
  expectTypeOf(runner).toExtend<TritonRunner>();
  expectTypeOf(runner).toExtend<AnyRunner>();
  expectTypeOf(runner.methods["resnet"]).toEqualTypeOf<AnyRunnerMethod | undefined>();
  void runner.run(array, [1, 2], kwargs({ x: array }));
  void runner.methods.run.stream(array);
  expectTypeOf(runner.init()).resolves.toEqualTypeOf<TritonModelRunner>();
  expectTypeOf(model.withOptions({ url: "http://127.0.0.1:8000" })).toEqualTypeOf<TritonModel>();
  // @ts-expect-error there is no such option
  void model.toRunner({ uri: "http://127.0.0.1:8000" });
  // @ts-expect-error there is no such encoding
  void model.toRunner({ client: { encoding: "protobuf" } });
});

test("models are saved by their address", () => {
  expectTypeOf(saveModel("resnet", { url: "http://127.0.0.1:8000", modelName: "resnet50" })).resolves.toEqualTypeOf<TritonModel>();
  expectTypeOf(loadModel("resnet")).resolves.toEqualTypeOf<TritonClient>();
  // @ts-expect-error which model it is must be said
  void saveModel("resnet", { url: "http://127.0.0.1:8000" });
  // @ts-expect-error versions are text
  void saveModel("resnet", { url: "http://127.0.0.1:8000", modelName: "resnet50", modelVersion: 1 });
});

test("a runner of a whole server, and its handle", () => {
  expectTypeOf(fromServer(new URL("http://127.0.0.1:8000"), { models: ["a"] }, { name: "all" })).resolves.toEqualTypeOf<TritonRunner>();
  new TritonRunner({ url: "127.0.0.1:8000", models: { classify: { modelName: "a", modelVersion: "1", isDecoupled: true } } });
  expectTypeOf(new TritonRunnerHandle({ name: "r" }, { url: "127.0.0.1:8000", models: {} })).toExtend<RunnerHandle>();
  // @ts-expect-error a method needs the name of its model
  new TritonRunner({ url: "127.0.0.1:8000", models: { classify: {} } });
});

test("a client takes inputs by name or as InferInputs, and gives results", () => {
  expectTypeOf(client.infer("m", { x: array, text: NdArray.from(["a"]) })).resolves.toEqualTypeOf<InferResult>();
  expectTypeOf(client.infer("m", [InferInput.of("x", array)], { outputs: ["y", new InferRequestedOutput("z", { classCount: 2 })], sequenceId: 5n })).resolves.toEqualTypeOf<InferResult>();
  expectTypeOf(client.getModelMetadata("m", { modelVersion: "2" })).resolves.toEqualTypeOf<ModelMetadata>();
  expectTypeOf<InferResult["asNdArray"]>().returns.toEqualTypeOf<NdArray>();
  expectTypeOf<InferResult["asNdArrays"]>().returns.toEqualTypeOf<NamedTensors>();
  expectTypeOf<InferResult["asBytes"]>().returns.toEqualTypeOf<Uint8Array[]>();
  expectTypeOf(client.generateStream("m", { text: "a" })).toEqualTypeOf<AsyncGenerator<Readonly<Record<string, unknown>>, void, undefined>>();
  // @ts-expect-error nested lists have no dtype: a runner knows the model's
  void client.infer("m", { x: [[1, 2]] });
  // @ts-expect-error there is no such datatype
  new InferInput("x", [1], "FLOAT");
  // @ts-expect-error parameters are plain
  void client.infer("m", { x: array }, { parameters: { list: [1] } });
  // @ts-expect-error br is no compression of the protocol
  void client.infer("m", { x: array }, { requestCompression: "br" });
});
