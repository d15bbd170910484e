import { NdArray, type NamedTensors, type TensorSpec } from "bentoml-core";
import { ModelServer } from "../model-server.js";
import type { ServedModel } from "../served-model.js";
import type { ModelServerOptions } from "../server-options.js";
import { fakeModel } from "./fake-runner.js";

const rows: TensorSpec = { name: "x", dtype: "float32", shape: ["batch", 2] };

/** A model `double`: y = 2x for FP32 rows of two. */
export function doubling(name = "double"): ReturnType<typeof fakeModel> {
  return fakeModel(name, [rows], [{ ...rows, name: "y" }], ({ x }) => {
    const input = x as NdArray<"float32">;
    return new NdArray("float32", input.shape, input.data.map((value) => value * 2));
  });
}

/** A model `add_sub` of two inputs and two outputs, INT32. */
export function addSub(): ReturnType<typeof fakeModel> {
  const spec = (name: string): TensorSpec => ({ name, dtype: "int32", shape: [-1] });
  return fakeModel("add_sub", [spec("a"), spec("b")], [spec("sum"), spec("difference")], ({ a, b }: NamedTensors) => {
    const [left, right] = [a as NdArray<"int32">, b as NdArray<"int32">];
    const combine = (how: (one: number, other: number) => number): NdArray =>
      new NdArray("int32", left.shape, left.data.map((value, index) => how(value, right.data[index] ?? 0)));
    return { sum: combine((one, other) => one + other), difference: combine((one, other) => one - other) };
  });
}

/** A model `wait` whose calls are answered when the test says so, or rejected when they are aborted. */
export function waiting(): { model: ReturnType<typeof fakeModel>; called: Promise<void>; answer: () => void; aborted: Promise<unknown> } {
  let answer = (): void => undefined;
  let tellCalled = (): void => undefined;
  let tellAborted = (_reason: unknown): void => undefined;
  const called = new Promise<void>((resolve) => (tellCalled = resolve));
  const aborted = new Promise<unknown>((resolve) => (tellAborted = resolve));
  const model = fakeModel("wait", [rows], [{ ...rows, name: "y" }], ({ x }, { signal }) => {
    tellCalled();
    return new Promise((resolve, reject) => {
      answer = () => resolve(x);
      signal?.addEventListener("abort", () => {
        tellAborted(signal.reason);
        reject(signal.reason as Error);
      });
    });
  });
  return { model, called, answer: () => answer(), aborted };
}

/** A body that the models of one FP32 input take. */
export const goodBody: { inputs: object[] } = { inputs: [{ name: "x", shape: [1, 2], datatype: "FP32", data: [1, 2.5] }] };

/** A server that listens on a port of its own, closed at the end of its scope. */
export interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  readonly server: ModelServer;
}

/** Starts a server of these models on a free port. */
export async function serve(models: readonly ServedModel[], options: Partial<ModelServerOptions> = {}): Promise<TestServer> {
  const server = new ModelServer({ ...options, models });
  const { port, url } = await server.listen({ port: 0 });
  return { port, url, server, [Symbol.asyncDispose]: () => server.close({ graceMs: 0 }) };
}
