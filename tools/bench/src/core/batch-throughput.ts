import { NdArray } from "bentoml-core";
import * as onnx from "bentoml-onnx";
import * as ort from "onnxruntime-node";
import { benchModel, freshStore, someRows } from "../bench-models.js";
import type { Row } from "../comparison.js";
import type { Experiment } from "./core-benchmark.js";
import { describeSettings, openSession, settingsOf, type EngineSettings } from "./engine.js";

const callers = 64;

/** The batches of a runner, and what they are measured against. */
export interface BatchThroughputOptions {
  readonly isolation: "thread" | "process";
  /** The bare engine in this process, fed with full batches; or the same runner with its worker in a thread. */
  readonly against: "engine" | "threads";
  readonly target: Row["target"];
}

/** Rows a second of the big model: 64 callers of one row each, in a closed loop. */
export async function openBatchThroughput({ isolation, against, target }: BatchThroughputOptions): Promise<Experiment> {
  const model = benchModel("big");
  const store = await freshStore([model]);
  const runner = await onnx.get(model.name, { store }).toRunner({ isolation }).init();
  const settings = settingsOf(runner.facts);
  const rows = someRows(callers, model.inputSize);
  const arrays = Array.from({ length: callers }, (_, index) => {
    return new NdArray("float32", [1, model.inputSize], rows.slice(index * model.inputSize, (index + 1) * model.inputSize));
  });
  const other = against === "engine" ? await fullBatches(model, settings, rows) : await ofRunner(onnx.get(model.name, { store }).toRunner({ isolation: "thread" }), arrays);
  const ours = await ofRunner(runner, arrays);
  await ours.rowsPerSecond(2);
  await other.rowsPerSecond(1);
  const where = isolation === "thread" ? "" : " in a process";
  return {
    row: { name: `80 MB model${where}, 64 callers, against ${against === "engine" ? "full batches" : "a thread"}`, unit: "rows/s", kind: "ratio", target },
    conditions: { "80 MB model": describeSettings(settings) },
    async measure(seconds, round) {
      const oursFirst = round % 2 === 0;
      const early = oursFirst ? await ours.rowsPerSecond(seconds) : undefined;
      const others = await other.rowsPerSecond(seconds);
      return { ours: early ?? (await ours.rowsPerSecond(seconds)), other: others };
    },
    async close() {
      await ours.close();
      await other.close();
    },
  };
}

/** Something that runs the model, and how fast. */
interface Contestant {
  rowsPerSecond(seconds: number): Promise<number>;
  close(): Promise<void>;
}

type BigRunner = Pick<ReturnType<ReturnType<typeof onnx.get>["toRunner"]>, "run" | "init" | "destroy">;

async function ofRunner(runner: BigRunner, arrays: readonly NdArray<"float32">[]): Promise<Contestant> {
  await runner.init();
  return {
    async rowsPerSecond(seconds) {
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
    },
    close: () => runner.destroy(),
  };
}

async function fullBatches(model: ReturnType<typeof benchModel>, settings: EngineSettings, rows: Float32Array): Promise<Contestant> {
  const session = await openSession(model.path, settings);
  const batch = new ort.Tensor("float32", rows, [callers, model.inputSize]);
  return {
    async rowsPerSecond(seconds) {
      const begun = performance.now();
      const end = begun + seconds * 1000;
      let answered = 0;
      while (performance.now() < end) {
        await session.run({ x: batch });
        answered += callers;
      }
      return answered / ((performance.now() - begun) / 1000);
    },
    close: () => session.release(),
  };
}
