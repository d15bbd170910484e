import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hugePng, someFile } from "@bentoml-tools/images";
import { ModelStore } from "bentoml-core";
import { get, imageFormats, saveModel } from "bentoml-sharp-images";
import { expect, test } from "vitest";

/** Broken files and good ones, in turns. */
async function files(): Promise<Uint8Array[]> {
  const whole = await Promise.all(imageFormats.map((format) => someFile(format, 640, 480)));
  const cut = whole.map((file) => file.subarray(0, Math.floor(file.length * 0.7)));
  const polyglot = Buffer.from(`GIF89a${"<svg/>".repeat(100)}`);
  return [...whole, ...cut, hugePng(30_000, 30_000), polyglot, Buffer.from("hello world, this is no image"), new Uint8Array()];
}

test("thousands of hostile files leave no memory behind", async () => {
  const root = mkdtempSync(join(tmpdir(), "bentoml-images-"));
  const store = new ModelStore(root);
  await saveModel("small", { resize: { width: 160, height: 160 } }, { store });
  const runner = get("small", { store }).toRunner({ workers: 2 });
  const all = await files();
  let taken = 0;
  const round = async (): Promise<void> => {
    const outcomes = await Promise.allSettled(all.map(async (file) => runner.preprocess(file)));
    taken += outcomes.filter(({ status }) => status === "fulfilled").length;
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: expect.stringMatching(/^(INVALID_IMAGE|IMAGE_TOO_LARGE)$/) });
    }
  };
  try {
    for (let warmUp = 0; warmUp < 100; warmUp++) await round();
    const before = process.memoryUsage().rss;
    for (let rounds = 0; rounds < 300; rounds++) await round();
    expect(taken).toBe(400 * imageFormats.length);
    // A single decoded bomb is 900 MB, one leaked image a round 270 MB, the leaked pixels of every tensor 138 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
  } finally {
    await runner.destroy();
    rmSync(root, { recursive: true });
  }
});
