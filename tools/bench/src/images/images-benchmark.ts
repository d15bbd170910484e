import { rmSync } from "node:fs";
import { join } from "node:path";
import { ModelStore } from "bentoml-core";
import { get, saveModel } from "bentoml-sharp-images";
import sharp from "sharp";
import { callsPerSecond } from "../closed-loop.js";
import { compareRow, type Row, type RoundValues } from "../comparison.js";
import type { BenchmarkOptions } from "../experiment.js";
import { idleLoopDelay, loopDelayDuring } from "../loop-delay.js";
import { reportResults, resultsFolder } from "../results.js";
import { somePhoto } from "./some-photo.js";
import { plainTensor, recipe, side } from "./usual-loop.js";

/** Gives a tensor of the photo. */
type MakeTensor = () => Promise<unknown>;

/** How fast images became tensors. */
interface Speed {
  readonly perSecond: number;
  /** Of all threads' processor time. A busy machine changes it less than what the clock says. */
  readonly perProcessorSecond: number;
}

const rate = (inFlight: number): Row => ({ name: `images a second, ${inFlight} in flight`, unit: "images/s", kind: "ratio", target: { atLeast: 1.05 } });
const thrift = (inFlight: number): Row => ({ name: `images a second of processor time, ${inFlight} in flight`, unit: "images/s", kind: "ratio", target: { atLeast: 1 } });

/** Photos to tensors: a runner beside sharp with the usual loop in the main thread, both in this process. */
export async function benchmarkImages({ rounds, seconds }: BenchmarkOptions): Promise<void> {
  const photo = await somePhoto(1920, 1080);
  const folder = join(resultsFolder, "images-store");
  rmSync(folder, { recursive: true, force: true });
  const model = await saveModel("photo", recipe, { store: new ModelStore(folder) });
  const runner = await get(model.tag, { store: new ModelStore(folder) }).toRunner().init();
  const ours: MakeTensor = () => runner.preprocess(photo);
  const plain: MakeTensor = () => plainTensor(photo);
  const compared = [];
  for (const inFlight of [1, 16]) {
    const speeds: { readonly ours: Speed; readonly other: Speed }[] = [];
    for (let round = 0; round < rounds; round++) speeds.push({ ours: await run(ours, inFlight, seconds), other: await run(plain, inFlight, seconds) });
    const valuesOf = (value: keyof Speed): RoundValues[] => speeds.map((speed) => ({ ours: speed.ours[value], other: speed.other[value] }));
    compared.push(compareRow(rate(inFlight), valuesOf("perSecond")), compareRow(thrift(inFlight), valuesOf("perProcessorSecond")));
  }
  compared.push(await delays("runner, 16 in flight", ours, { rounds, seconds, target: { atMost: 10 } }));
  // For comparison: no claim is made for the usual loop.
  compared.push(await delays("usual loop, 16 in flight", plain, { rounds, seconds, target: { atLeast: 0 } }));
  const { workers } = runner.stats();
  await runner.destroy();
  const { sharp: version, vips } = sharp.versions;
  reportResults("images", { photo: `1920 x 1080 JPEG, ${photo.length} bytes, to ${side} x ${side}`, workers: workers.size, sharp: version, libvips: vips, "libvips threads": sharp.concurrency(), rounds, "seconds each": seconds }, compared);
}

async function delays(what: string, make: MakeTensor, { rounds, seconds, target }: BenchmarkOptions & Pick<Row, "target">): Promise<ReturnType<typeof compareRow>> {
  const values: RoundValues[] = [];
  for (let round = 0; round < rounds; round++) {
    const other = await idleLoopDelay(seconds);
    values.push({ ours: await loopDelayDuring(() => run(make, 16, seconds)), other });
  }
  return compareRow({ name: `event-loop delay p99 less idle: ${what}`, unit: "ms", kind: "difference", target }, values);
}

/** So many callers, each with its next image as soon as it has one. */
async function run(make: MakeTensor, inFlight: number, seconds: number): Promise<Speed> {
  const callers = Array.from({ length: inFlight }, () => make);
  await Promise.all(callers.map((call) => call()));
  const [begun, usage] = [performance.now(), process.cpuUsage()];
  const perSecond = await callsPerSecond(callers, seconds);
  const elapsedMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(usage);
  return { perSecond, perProcessorSecond: (perSecond * elapsedMs * 1000) / (user + system) };
}
