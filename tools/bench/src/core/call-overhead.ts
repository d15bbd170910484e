import { NdArray } from "bentoml-core";
import * as onnx from "bentoml-onnx";
import * as ort from "onnxruntime-node";
import { benchModel, freshStore, someRows } from "../bench-models.js";
import { spreadOf } from "../spread.js";
import type { Experiment } from "../experiment.js";
import { describeSettings, openSession, settingsOf } from "../engine.js";

/** Calls between two changes from one to the other. */
const callsPerTurn = 500;

/** A call of a runner in this thread against the engine's own, one row of the small model, one call at a time. */
export async function openCallOverhead(): Promise<Experiment> {
  const model = benchModel("small");
  const store = await freshStore([model]);
  const runner = await onnx.get(model.name, { store }).toRunner().initLocal({ quiet: true });
  const settings = settingsOf(runner.facts);
  const session = await openSession(model.path, settings);
  const row = someRows(1, model.inputSize);
  const array = new NdArray("float32", [1, model.inputSize], row);
  const callRunner = (): Promise<unknown> => runner.run(array);
  const callSession = (): Promise<unknown> => session.run({ x: new ort.Tensor("float32", row, [1, model.inputSize]) });
  return {
    row: { name: "call in this thread, median, less the engine's own", unit: "µs", kind: "difference", target: { atMost: 2 } },
    conditions: { "small model": describeSettings(settings) },
    async measure(seconds) {
      const ours: number[] = [];
      const other: number[] = [];
      const end = performance.now() + seconds * 1000;
      while (performance.now() < end) {
        await timeCalls(callRunner, ours);
        await timeCalls(callSession, other);
      }
      return { ours: spreadOf(ours).median, other: spreadOf(other).median };
    },
    async close() {
      await runner.destroy();
      await session.release();
    },
  };
}

/** Adds the time of each call, µs. */
async function timeCalls(call: () => Promise<unknown>, micros: number[]): Promise<void> {
  for (let count = 0; count < callsPerTurn; count++) {
    const begun = performance.now();
    await call();
    micros.push((performance.now() - begun) * 1000);
  }
}
