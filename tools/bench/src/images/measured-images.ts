/**
 * Makes tensors of a photo in one of three ways, and measures itself when asked to by its parent:
 *
 *     node measured-images.mjs "usual loop" | "this thread" | "workers" <store with the recipe>
 */
import { ModelStore } from "bentoml-core";
import { get } from "bentoml-sharp-images";
import sharp from "sharp";
import { idleLoopDelay, loopDelayDuring } from "../loop-delay.js";
import { imageSpeed, type ImageSpeed, type MakeTensor } from "./image-speed.js";
import { somePhoto } from "./some-photo.js";
import { photoSize, plainTensor } from "./usual-loop.js";

/** The usual loop, or a runner, and where it runs. */
export type Way = "usual loop" | "this thread" | "workers";

export interface MeasureRequest {
  readonly measure: "speed" | "delay" | "idle" | "facts";
  readonly inFlight: number;
  readonly seconds: number;
}

/** What the numbers were measured with. */
export type ImageFacts = Readonly<Record<"photo" | "sharp" | "libvips" | "libvips threads" | "workers", string | number>>;

async function main(way: Way, storeFolder: string): Promise<void> {
  const photo = await somePhoto(photoSize.width, photoSize.height);
  const { make, workers } = await tensorsOf(way, storeFolder, photo);
  process.on("message", ({ measure, inFlight, seconds }: MeasureRequest) => {
    const run = (): Promise<ImageSpeed> => imageSpeed(make, inFlight, seconds);
    const measures = { speed: run, delay: () => loopDelayDuring(run), idle: () => idleLoopDelay(seconds), facts: () => Promise.resolve(facts(photo, workers)) };
    void measures[measure]().then((value) => process.send?.(value));
  });
  // Its line to the parent is all that keeps it: runners do not.
  process.on("disconnect", () => process.exit());
}

async function tensorsOf(way: Way, storeFolder: string, photo: Uint8Array): Promise<{ make: MakeTensor; workers: number }> {
  if (way === "usual loop") return { make: () => plainTensor(photo), workers: 0 };
  const runner = get("photo", { store: new ModelStore(storeFolder) }).toRunner();
  await (way === "workers" ? runner.init() : runner.initLocal({ quiet: true }));
  return { make: () => runner.preprocess(photo), workers: runner.stats().workers.size };
}

function facts(photo: Uint8Array, workers: number): ImageFacts {
  const { width, height } = photoSize;
  const { sharp: version, vips } = sharp.versions;
  return { photo: `${width} x ${height} JPEG, ${photo.length} bytes`, sharp: version, libvips: vips, "libvips threads": sharp.concurrency(), workers };
}

const [way, storeFolder] = process.argv.slice(2);
await main(way as Way, storeFolder as string);
