import { rmSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { join } from "node:path";
import { ModelStore } from "bentoml-core";
import { get, saveModel } from "bentoml-sharp-images";
import sharp from "sharp";
import { compareRow, type Row, type RoundValues } from "../comparison.js";
import { reportResults, resultsFolder } from "../results.js";
import { somePhoto } from "./some-photo.js";
import { plainTensor, recipe, side } from "./usual-loop.js";

export interface ImagesBenchmarkOptions {
  readonly rounds: number;
  /** Of each measurement. */
  readonly seconds: number;
}

/** Gives a tensor of the photo. */
type MakeTensor = () => Promise<unknown>;

const rate = (inFlight: number): Row => ({ name: `images a second, ${inFlight} in flight`, unit: "images/s", kind: "ratio", target: { atLeast: 1.05 } });

/** Photos to tensors: a runner beside sharp with the usual loop in the main thread, both in this process. */
export async function benchmarkImages({ rounds, seconds }: ImagesBenchmarkOptions): Promise<void> {
  const photo = await somePhoto(1920, 1080);
  const folder = join(resultsFolder, "images-store");
  rmSync(folder, { recursive: true, force: true });
  const model = await saveModel("photo", recipe, { store: new ModelStore(folder) });
  const runner = await get(model.tag, { store: new ModelStore(folder) }).toRunner().init();
  const ours: MakeTensor = () => runner.preprocess(photo);
  const plain: MakeTensor = () => plainTensor(photo);
  const compared = [];
  for (const inFlight of [1, 16]) {
    const values: RoundValues[] = [];
    for (let round = 0; round < rounds; round++) values.push({ ours: (await run(ours, inFlight, seconds)).rate, other: (await run(plain, inFlight, seconds)).rate });
    compared.push(compareRow(rate(inFlight), values));
  }
  compared.push(await delays("runner, 16 in flight", ours, { rounds, seconds, target: { atMost: 10 } }));
  // For comparison: no claim is made for the usual loop.
  compared.push(await delays("usual loop, 16 in flight", plain, { rounds, seconds, target: { atLeast: 0 } }));
  const { workers } = runner.stats();
  await runner.destroy();
  const { sharp: version, vips } = sharp.versions;
  reportResults("images", { photo: `1920 x 1080 JPEG, ${photo.length} bytes, to ${side} x ${side}`, workers: workers.size, sharp: version, libvips: vips, "libvips threads": sharp.concurrency(), rounds, "seconds each": seconds }, compared);
}

async function delays(what: string, make: MakeTensor, { rounds, seconds, target }: ImagesBenchmarkOptions & Pick<Row, "target">): Promise<ReturnType<typeof compareRow>> {
  const values: RoundValues[] = [];
  for (let round = 0; round < rounds; round++) {
    const other = await delayDuring(() => new Promise((resolve) => setTimeout(resolve, seconds * 1000)));
    values.push({ ours: await delayDuring(() => run(make, 16, seconds)), other });
  }
  return compareRow({ name: `event-loop delay p99 less idle: ${what}`, unit: "ms", kind: "difference", target }, values);
}

/** So many callers, each with its next image as soon as it has one. */
async function run(make: MakeTensor, inFlight: number, seconds: number): Promise<{ readonly rate: number }> {
  await Promise.all(Array.from({ length: inFlight }, make));
  let images = 0;
  const begun = performance.now();
  const end = begun + seconds * 1000;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      await make();
      images++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return { rate: images / ((performance.now() - begun) / 1000) };
}

/** p99 in ms of how late the event loop gets to a timer of 1 ms, while that goes on. */
async function delayDuring(activity: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await activity();
  delay.disable();
  return delay.percentile(99) / 1e6;
}
