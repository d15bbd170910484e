import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import sharp from "sharp";
import { expect, test } from "vitest";
import { runPipeline } from "./run-pipeline.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** 3 MB of pixels. */
const size = { width: 1000, height: 1000, channels: 3 } as const;
const pixels = new Uint8Array(3_000_000).fill(7);

test("the bytes are a view as long as they are", async () => {
  const { bytes, info } = await runPipeline(sharp(pixels, { raw: size }).raw());
  expect(bytes.constructor).toBe(Uint8Array);
  expect(Buffer.compare(bytes, pixels)).toBe(0);
  expect(info).toMatchObject(size);
  expect(bytes.slice().buffer.byteLength).toBe(3_000_000);
});

test("what sharp gave is freed when nobody has it any more", async () => {
  const round = async (): Promise<void> => {
    for (let run = 0; run < 10; run++) await runPipeline(sharp(pixels, { raw: size }).raw());
    collectGarbage();
  };
  for (let warmUp = 0; warmUp < 4; warmUp++) await round();
  const before = process.memoryUsage().rss;
  for (let rounds = 0; rounds < 10; rounds++) await round();
  // Kept, it would be 300 MB.
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
});
