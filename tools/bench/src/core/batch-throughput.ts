import { NdArray } from "bentoml-core";
import * as onnx from "bentoml-onnx";
import * as ort from "onnxruntime-node";
import { benchModel, freshStore, someRows } from "../bench-models.js";
import type { Experiment } from "./core-benchmark.js";
import { describeSettings, openSession, settingsOf } from "./engine.js";

const callers = 64;

/** Rows a second of the big model: 64 callers of one row each, in a closed loop, against the engine fed with batches of 64. */
export async function openBatchThroughput(): Promise<Experiment> {
  const model = benchModel("big");
  const store = await freshStore([model]);
  const runner = await onnx.get(model.name, { store }).toRunner().init();
  const settings = settingsOf(runner.facts);
  const session = await openSession(model.path, settings);
  const rows = someRows(callers, model.inputSize);
  const arrays = Array.from({ length: callers }, (_, index) => {
    return new NdArray("float32", [1, model.inputSize], rows.slice(index * model.inputSize, (index + 1) * model.inputSize));
  });
  const batch = new ort.Tensor("float32", rows, [callers, model.inputSize]);

  async function rowsThroughRunner(seconds: number): Promise<number> {
    const begun = performance.now();
    const end = begun + seconds * 1000;
    let answered = 0;
    const caller = async (array: NdArray<"float32">): Promise<void> => {
      while (performance.now() < end) {
        await runner.run(array);
        answered++;
      }
    };
    await Promise.all(arrays.map(caller));
    return answered / ((performance.now() - begun) / 1000);
  }

  async function rowsThroughEngine(seconds: number): Promise<number> {
    const begun = performance.now();
    const end = begun + seconds * 1000;
    let answered = 0;
    while (performance.now() < end) {
      await session.run({ x: batch });
      answered += callers;
    }
    return answered / ((performance.now() - begun) / 1000);
  }

  await rowsThroughRunner(2);
  await rowsThroughEngine(1);
  return {
    row: { name: "80 MB model, 64 callers, against full batches", unit: "rows/s", kind: "ratio", target: { atLeast: 0.95 } },
    conditions: { "80 MB model": describeSettings(settings) },
    async measure(seconds, round) {
      const oursFirst = round % 2 === 0;
      const early = oursFirst ? await rowsThroughRunner(seconds) : undefined;
      const other = await rowsThroughEngine(seconds);
      return { ours: early ?? (await rowsThroughRunner(seconds)), other };
    },
    async close() {
      await runner.destroy();
      await session.release();
    },
  };
}
