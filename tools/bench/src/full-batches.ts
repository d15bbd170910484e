import * as ort from "onnxruntime-node";
import { someRows, type BenchModel } from "./bench-models.js";
import { callsPerSecond } from "./closed-loop.js";
import type { Contestant } from "./contest.js";
import { openSession, type EngineSettings } from "./engine.js";

/** The rows a second of the bare engine in this thread, fed with one full batch after the other. */
export async function fullBatches({ path, inputSize }: BenchModel, size: number, settings: EngineSettings): Promise<Contestant> {
  const session = await openSession(path, settings);
  const batch = new ort.Tensor("float32", someRows(size, inputSize), [size, inputSize]);
  return {
    measure: async (seconds) => size * (await callsPerSecond([() => session.run({ x: batch })], seconds)),
    close: () => session.release(),
  };
}
