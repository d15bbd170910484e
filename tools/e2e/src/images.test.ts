import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { getPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readReferences, type Reference } from "@bentoml-tools/images";
import { InvalidArgumentError, ModelStore, NdArray, NotFoundError } from "bentoml-core";
import { Image, get, saveModel, type ImageRunner } from "bentoml-sharp-images";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

const references = readReferences();
const source = (name: string): Reference => references.find((reference) => reference.name === name) as Reference;
const png = source("png-rgb");
const jpeg = source("jpeg-rgb");

let root: string;
let runner: ImageRunner;
let whole: ImageRunner;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "bentoml-images-"));
  const store = new ModelStore(root);
  await saveModel("thumbnail", { resize: { width: 24, height: 16, fit: "fill" }, encode: { format: "webp", lossless: true } }, { store });
  await saveModel("whole", { dtype: "uint8", layout: "NHWC" }, { store });
  runner = await get("thumbnail", { store }).toRunner({ workers: 2 }).init();
  whole = await get("whole", { store }).toRunner({ workers: 1 }).init();
});

afterAll(async () => {
  await Promise.all([runner.destroy(), whole.destroy()]);
  rmSync(root, { recursive: true });
});

afterEach(() => {
  expect(runner.stats().queuedCalls).toBe(0);
});

test("bytes, a file, an Image, pixels and a sharp instance of one picture give one tensor", async () => {
  const bytes = readFileSync(png.file);
  const expected = await runner.preprocess(bytes);
  expect(expected).toMatchObject({ dtype: "float32", shape: [1, 3, 16, 24] });
  const pixels = new NdArray("uint8", [48, 64, 3], png.values as Uint8Array);
  for (const image of [pathToFileURL(png.file), Image.fromFile(png.file), Image.fromBytes(bytes), NdArray.from(new Uint8Array(bytes)), pixels, sharp(bytes), sharp(bytes).removeAlpha()]) {
    expect((await runner.preprocess(image)).data).toEqual(expected.data);
  }
});

test("many callers at once get their own answers, those with a broken image a typed error", async () => {
  const files = references.filter(({ method }) => method === "decode");
  const alone: unknown[] = [];
  for (const { file } of files) alone.push((await runner.preprocess(readFileSync(file))).data);
  const outcomes = await Promise.allSettled(
    files.flatMap(({ file }) => {
      const bytes = readFileSync(file);
      return [runner.preprocess(bytes), runner.preprocess(bytes.subarray(0, 60))];
    }),
  );
  for (const [index, outcome] of outcomes.entries()) {
    if (index % 2 === 0) expect(outcome.status === "fulfilled" && outcome.value.data).toEqual(alone[index / 2]);
    else expect(outcome.status === "rejected" && outcome.reason).toMatchObject({ code: "INVALID_IMAGE", httpStatus: 400 });
  }
});

test("a pixel that goes straight into the tensor owns its memory", async () => {
  const tensor = await whole.preprocess(readFileSync(png.file));
  expect(tensor.data).toEqual(png.values);
  expect((tensor.data as Uint8Array).buffer.byteLength).toBe(48 * 64 * 3);
});

test("decode and encode are each other's inverse", async () => {
  const decoded = await runner.decode(readFileSync(jpeg.file));
  const image = await runner.encode(decoded);
  expect(image.format).toBe("webp");
  expect(await runner.decode(image)).toEqual(decoded);
});

test("what is wrong is said by the right class", async () => {
  await expect(runner.preprocess(Image.fromFile(join(root, "none.png")))).rejects.toBeInstanceOf(NotFoundError);
  await expect(runner.preprocess("none.png" as never)).rejects.toBeInstanceOf(InvalidArgumentError);
  await expect(runner.preprocess([readFileSync(png.file), readFileSync(jpeg.file).subarray(0, 400)])).rejects.toMatchObject({
    message: expect.stringMatching(/^Image 2 of 2: The image is cut short/),
  });
});

/** Of the threads in which libvips decodes. */
function decoderNiceness(): number[] {
  const ids = readdirSync("/proc/self/task");
  return ids.filter((id) => readFileSync(`/proc/self/task/${id}/comm`, "latin1").trim() === "libvips worker").map((id) => getPriority(Number(id)));
}

test.runIf(process.platform === "linux")("the threads in which libvips decodes give way as the workers do", async () => {
  const bytes = readFileSync(jpeg.file);
  const niceness = Math.min(getPriority(0) + 10, 19);
  await expect
    .poll(async () => {
      await runner.preprocess(bytes);
      return new Set(decoderNiceness());
    })
    .toEqual(new Set([niceness]));
});
