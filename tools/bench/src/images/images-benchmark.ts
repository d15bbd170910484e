import { rmSync } from "node:fs";
import { join } from "node:path";
import { ModelStore } from "bentoml-core";
import { get, saveModel } from "bentoml-sharp-images";
import sharp from "sharp";
import { compareRow, type Row, type RoundValues } from "../comparison.js";
import type { BenchmarkOptions } from "../experiment.js";
import { idleLoopDelay, loopDelayDuring } from "../loop-delay.js";
import { reportResults, resultsFolder } from "../results.js";
import { imageSpeed, type ImageSpeed } from "./image-speed.js";
import { somePhoto } from "./some-photo.js";
import { startUsualLoop } from "./usual-loop-process.js";
import { photoSize, recipe, side } from "./usual-loop.js";

const rate = (inFlight: number): Row => ({ name: `images a second, ${inFlight} in flight`, unit: "images/s", kind: "ratio", target: { atLeast: 1.05 } });
const thrift = (inFlight: number): Row => ({ name: `images a second of processor time, ${inFlight} in flight`, unit: "images/s", kind: "ratio", target: { atLeast: 1 } });

/** Photos to tensors: a runner in this process beside sharp with the usual loop in the main thread of another, by turns. */
export async function benchmarkImages({ rounds, seconds }: BenchmarkOptions): Promise<void> {
  const photo = await somePhoto(photoSize.width, photoSize.height);
  const folder = join(resultsFolder, "images-store");
  rmSync(folder, { recursive: true, force: true });
  const model = await saveModel("photo", recipe, { store: new ModelStore(folder) });
  const runner = await get(model.tag, { store: new ModelStore(folder) }).toRunner().init();
  const ours = (inFlight: number): Promise<ImageSpeed> => imageSpeed(() => runner.preprocess(photo), inFlight, seconds);
  const usual = startUsualLoop();
  const compared = [];
  for (const inFlight of [1, 16]) {
    const speeds: { readonly ours: ImageSpeed; readonly other: ImageSpeed }[] = [];
    for (let round = 0; round < rounds; round++) speeds.push({ ours: await ours(inFlight), other: await usual.speed(inFlight, seconds) });
    const valuesOf = (value: keyof ImageSpeed): RoundValues[] => speeds.map((speed) => ({ ours: speed.ours[value], other: speed.other[value] }));
    compared.push(compareRow(rate(inFlight), valuesOf("perSecond")), compareRow(thrift(inFlight), valuesOf("perProcessorSecond")));
  }
  const delayOf = async (what: string, target: Row["target"], busy: () => Promise<number>, idle: () => Promise<number>): Promise<void> => {
    const values: RoundValues[] = [];
    for (let round = 0; round < rounds; round++) values.push({ other: await idle(), ours: await busy() });
    compared.push(compareRow({ name: `event-loop delay p99 less idle: ${what}, 16 in flight`, unit: "ms", kind: "difference", target }, values));
  };
  await delayOf("runner", { atMost: 10 }, () => loopDelayDuring(() => ours(16)), () => idleLoopDelay(seconds));
  // For comparison: no claim is made for the usual loop.
  await delayOf("usual loop", { atLeast: 0 }, () => usual.delay(16, seconds), () => usual.idleDelay(seconds));
  const { workers } = runner.stats();
  await runner.destroy();
  usual.close();
  const { sharp: version, vips } = sharp.versions;
  const { width, height } = photoSize;
  reportResults("images", { photo: `${width} x ${height} JPEG, ${photo.length} bytes, to ${side} x ${side}`, workers: workers.size, sharp: version, libvips: vips, "libvips threads": sharp.concurrency(), rounds, "seconds each": seconds }, compared);
}
