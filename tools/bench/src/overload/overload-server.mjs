/**
 * A model server in a process of its own: with the sleeping model in a worker thread, or, as a control, with one that answers at once. Tells its
 * address, then, for each `begin`, that it measures itself, and for each `end` what it has seen since.
 *
 *     node overload-server.mjs <model | control> <maxLatencyMs>
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Runnable, Runner } from "bentoml-core";
import { ModelServer } from "bentoml-server";
import { SleepingModel } from "./sleeping-model.mjs";

class Echo extends Runnable {
  /** @override */
  static methods = { run: {} };

  /** @param {Readonly<Record<"x", import("bentoml-core").NdArray>>} inputs */
  run({ x }) {
    return { y: x };
  }
}

const [kind, maxLatencyMs] = process.argv.slice(2);
const runner = kind === "model" ? new Runner(SleepingModel, { name: "model", workers: 1, maxBatchSize: 16, maxLatencyMs: Number(maxLatencyMs) }) : new Runner(Echo, { name: "control", embedded: true });
const spec = (/** @type {string} */ name) => ({ name, dtype: /** @type {const} */ ("float32"), shape: ["batch", 4] });
const server = new ModelServer({ models: [{ name: "model", version: "1", runner, method: "run", inputs: [spec("x")], outputs: [spec("y")], platform: "test" }], ownsRunners: true });
const { url } = await server.listen({ port: 0 });
const delay = monitorEventLoopDelay({ resolution: 1 });
process.on("message", (message) => {
  if (message === "begin") {
    delay.reset();
    delay.enable();
  } else delay.disable();
  process.send?.({ loopDelayMs: delay.percentile(99) / 1e6, memory: process.memoryUsage.rss() });
});
process.once("SIGTERM", async () => {
  await server.close();
  process.disconnect();
});
process.send?.({ url });
