import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { slow } from "@bentoml-tools/onnx-models";
import { NdArray, type Runner } from "bentoml-core";
import * as onnx from "bentoml-onnx";
import { freshStore } from "../bench-models.js";
import { callsPerSecond } from "../closed-loop.js";
import { describeSettings, settingsOf } from "../engine.js";
import type { Experiment } from "../experiment.js";
import { idleLoopDelay, loopDelayDuring } from "../loop-delay.js";
import { resultsFolder } from "../results.js";
import { spreadOf } from "../spread.js";

const runMs = 50;
const width = 256;

/** p99 of this thread's event-loop delay while a model of 50 ms runs without a break in a runner, less that of an idle one. */
export async function openSlowModelDelay(): Promise<Experiment> {
  const repeats = await repeatsFor(runMs);
  const runner = await slowRunner(repeats);
  const millis = await medianRun(runner, 10);
  return {
    row: { name: "event-loop delay p99 under a slow model, less idle", unit: "ms", kind: "difference", target: { atMost: 10 } },
    conditions: { "slow model": `${millis.toFixed(0)} ms a run, ${describeSettings(settingsOf(runner.facts))}` },
    async measure(seconds) {
      const other = await idleLoopDelay(seconds);
      const row = NdArray.zeros("float32", [1, width]);
      // Two callers, so that one call always waits for the worker.
      const call = (): Promise<unknown> => runner.run(row);
      return { ours: await loopDelayDuring(() => callsPerSecond([call, call], seconds)), other };
    },
    async close() {
      await runner.destroy();
    },
  };
}

/** How many matrix products the slow model needs to take so long in a runner on this machine. */
async function repeatsFor(wantedMs: number): Promise<number> {
  const probe = 50;
  const runner = await slowRunner(probe);
  const millis = await medianRun(runner, 7);
  await runner.destroy();
  return Math.max(1, Math.round((probe * wantedMs) / millis));
}

async function slowRunner(repeats: number): Promise<SlowRunner> {
  const path = join(resultsFolder, "models", "slow.onnx");
  mkdirSync(join(resultsFolder, "models"), { recursive: true });
  writeFileSync(path, slow({ repeats }));
  const store = await freshStore([{ name: "slow", path }]);
  return onnx.get("slow", { store }).toRunner().init();
}

type SlowRunner = Awaited<ReturnType<ReturnType<ReturnType<typeof onnx.get>["toRunner"]>["init"]>> & Pick<Runner, "facts">;

async function medianRun(runner: SlowRunner, runs: number): Promise<number> {
  const row = NdArray.zeros("float32", [1, width]);
  const millis: number[] = [];
  for (let run = 0; run < runs; run++) {
    const begun = performance.now();
    await runner.run(row);
    millis.push(performance.now() - begun);
  }
  return spreadOf(millis).median;
}
