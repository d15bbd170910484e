import { rmSync } from "node:fs";
import { join } from "node:path";
import { ModelStore } from "bentoml-core";
import { get, saveModel } from "bentoml-sharp-images";
import sharp from "sharp";
import { compareRow, type ComparedRow, type Row, type RoundValues } from "../comparison.js";
import type { BenchmarkOptions } from "../experiment.js";
import { idleLoopDelay, loopDelayDuring } from "../loop-delay.js";
import { reportResults, resultsFolder } from "../results.js";
import { imageSpeed, type ImageSpeed } from "./image-speed.js";
import { somePhoto } from "./some-photo.js";
import { startUsualLoop } from "./usual-loop-process.js";
import { photoSize, recipe, side } from "./usual-loop.js";

type Place = "this thread" | "workers";

/** In this thread first: sharp's threads belong to the process, and workers lower their priority. */
const places: readonly Place[] = ["this thread", "workers"];

/** Photos to tensors: a runner in this process beside sharp with the usual loop in the main thread of another, by turns. */
export async function benchmarkImages({ rounds, seconds }: BenchmarkOptions): Promise<void> {
  const photo = await somePhoto(photoSize.width, photoSize.height);
  const folder = join(resultsFolder, "images-store");
  rmSync(folder, { recursive: true, force: true });
  const store = new ModelStore(folder);
  const { tag } = await saveModel("photo", recipe, { store });
  const usual = startUsualLoop();
  const compared: ComparedRow[] = [];
  let workers = 0;
  for (const place of places) {
    const runner = get(tag, { store }).toRunner();
    await (place === "workers" ? runner.init() : runner.initLocal({ quiet: true }));
    workers = runner.stats().workers.size;
    const ours = (inFlight: number): Promise<ImageSpeed> => imageSpeed(() => runner.preprocess(photo), inFlight, seconds);
    for (const inFlight of [1, 16]) compared.push(...(await speeds(place, inFlight, rounds, () => ours(inFlight), () => usual.speed(inFlight, seconds))));
    const delay = delayRow(`runner in ${place}`, { atMost: 10 });
    compared.push(await delays(delay, rounds, () => loopDelayDuring(() => ours(16)), () => idleLoopDelay(seconds)));
    await runner.destroy();
  }
  // For comparison: no claim is made for the usual loop.
  compared.push(await delays(delayRow("usual loop", { atLeast: 0 }), rounds, () => usual.delay(16, seconds), () => usual.idleDelay(seconds)));
  usual.close();
  const { sharp: version, vips } = sharp.versions;
  const { width, height } = photoSize;
  reportResults("images", { photo: `${width} x ${height} JPEG, ${photo.length} bytes, to ${side} x ${side}`, workers, sharp: version, libvips: vips, "libvips threads": sharp.concurrency(), rounds, "seconds each": seconds }, compared);
}

async function speeds(place: Place, inFlight: number, rounds: number, ours: () => Promise<ImageSpeed>, usual: () => Promise<ImageSpeed>): Promise<ComparedRow[]> {
  const measured: { readonly ours: ImageSpeed; readonly other: ImageSpeed }[] = [];
  for (let round = 0; round < rounds; round++) measured.push({ ours: await ours(), other: await usual() });
  const valuesOf = (value: keyof ImageSpeed): RoundValues[] => measured.map((speed) => ({ ours: speed.ours[value], other: speed.other[value] }));
  const row = (what: string, atLeast: number): Row => ({ name: `${what}, in ${place}, ${inFlight} in flight`, unit: "images/s", kind: "ratio", target: { atLeast } });
  return [compareRow(row("images a second", 1.05), valuesOf("perSecond")), compareRow(row("images a second of processor time", 1), valuesOf("perProcessorSecond"))];
}

function delayRow(what: string, target: Row["target"]): Row {
  return { name: `event-loop delay p99 less idle: ${what}, 16 in flight`, unit: "ms", kind: "difference", target };
}

async function delays(row: Row, rounds: number, busy: () => Promise<number>, idle: () => Promise<number>): Promise<ComparedRow> {
  const values: RoundValues[] = [];
  for (let round = 0; round < rounds; round++) values.push({ other: await idle(), ours: await busy() });
  return compareRow(row, values);
}
