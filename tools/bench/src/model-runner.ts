import { NdArray, type RunnerOptions } from "bentoml-core";
import * as onnx from "bentoml-onnx";
import { someRows, type BenchModel } from "./bench-models.js";
import { callsPerSecond } from "./closed-loop.js";
import type { Contestant } from "./contest.js";

export type ModelRunner = ReturnType<ReturnType<typeof onnx.get>["toRunner"]>;

/** A runner of a model that `freshStore` has put into this store. */
export function modelRunner({ name }: BenchModel, store: Parameters<typeof onnx.get>[1], options: RunnerOptions): ModelRunner {
  return onnx.get(name, store).toRunner(options);
}

/** Callers of one row each. */
export function callersOf(runner: Pick<ModelRunner, "run">, { inputSize }: BenchModel, count: number): (() => Promise<unknown>)[] {
  const rows = someRows(count, inputSize);
  return Array.from({ length: count }, (_, index) => {
    const row = new NdArray("float32", [1, inputSize], rows.slice(index * inputSize, (index + 1) * inputSize));
    return () => runner.run(row);
  });
}

/** The rows a second of a runner that has been initialised. */
export function runnerContestant(runner: ModelRunner, model: BenchModel, callers: number): Contestant {
  const calls = callersOf(runner, model, callers);
  return { measure: (seconds) => callsPerSecond(calls, seconds), close: () => runner.destroy() };
}
