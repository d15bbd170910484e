import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { someFile, somePixels } from "@bentoml-tools/images";
import { InvalidArgumentError, NotFoundError, defaultRegistry, type Payload } from "bentoml-core";
import * as fc from "fast-check";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Image, type PixelImage } from "./image.js";
import { imageRegistration } from "./image-container.js";
import { register } from "./index.js";
import { sharpRegistration } from "./sharp-container.js";

const { container } = imageRegistration;
let folder: string;
let png: Uint8Array;

beforeAll(async () => {
  register();
  register();
  folder = mkdtempSync(join(tmpdir(), "bentoml-images-"));
  png = await someFile("png");
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("the container of Image", () => {
  test("is found for images, and not for their bytes", () => {
    expect(defaultRegistry.containerOf(Image.fromBytes(png)).name).toBe("ImageContainer");
    expect(defaultRegistry.findBySingleType(Image.fromBytes(png))).toBe(container);
    expect(defaultRegistry.containerOf(png).name).not.toBe("ImageContainer");
  });

  test("a file's bytes travel as they are, from memory and from a disk", async () => {
    const path = join(folder, "a.png");
    writeFileSync(path, png);
    for (const image of [Image.fromBytes(png), Image.fromFile(path), Image.fromFile(pathToFileURL(path))]) {
      const payload = await container.toPayload(image);
      expect(payload).toMatchObject({ container: "ImageContainer", batchSize: 1, meta: { kind: "encoded", format: "png" } });
      expect(JSON.stringify(payload.meta)).not.toContain(folder);
      const arrived = container.fromPayload(structuredClone(payload));
      expect(arrived.bytes).toEqual(new Uint8Array(png));
      expect(arrived.format).toBe("png");
    }
  });

  test("pixels arrive as they were sent", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const), fc.boolean(), (width, height, channels, deep) => {
        const data = Uint16Array.from({ length: width * height * channels }, (_, index) => index * 2_999);
        const image = Image.fromPixels(deep ? data : Uint8Array.from(data), { width, height, channels });
        const payload = container.toPayload(image) as Payload;
        // As it lies in a frame: at any offset.
        const bytes = Buffer.concat([Buffer.alloc(1), ...payload.buffers]).subarray(1);
        const { data: found, ...facts } = container.fromPayload({ ...payload, buffers: [bytes] }).loaded as PixelImage;
        const { data: sent, ...expected } = image.loaded as PixelImage;
        expect(facts).toEqual(expected);
        expect([...found]).toEqual([...sent]);
        expect(found.BYTES_PER_ELEMENT).toBe(sent.BYTES_PER_ELEMENT);
      }),
    );
  });

  test("images are refused for joining, with the advice to make tensors of them", () => {
    expect(container.getBatchSize()).toBe(1);
    for (const refused of [() => container.batchesToBatch(), () => container.batchToBatches()]) {
      expect(refused).toThrow(InvalidArgumentError);
      expect(refused).toThrow(/turn them into tensors/);
    }
  });

  test.each([
    { what: "no buffer", payload: { buffers: [] }, says: "0 buffers" },
    { what: "another format", payload: { meta: { kind: "encoded", format: "jpeg" } }, says: 'format "jpeg" for a file of png' },
    { what: "no image", payload: { buffers: [Buffer.from("hello world")] }, says: "are no image" },
    { what: "pixels of another size", payload: { meta: { kind: "pixels", width: 3, height: 3, channels: 1, bits: 8 } }, says: "3 x 3 pixels of 1 channels are 9 numbers" },
    { what: "a negative size", payload: { meta: { kind: "pixels", width: -3, height: -3, channels: 1, bits: 8 }, buffers: [Buffer.alloc(9)] }, says: "width of an image is -3" },
    { what: "a size that is text", payload: { meta: { kind: "pixels", width: "3", height: 1, channels: 1, bits: 8 }, buffers: [Buffer.alloc(3)] }, says: "width of an image is 3" },
    { what: "too many channels", payload: { meta: { kind: "pixels", width: 1, height: 1, channels: 9, bits: 8 }, buffers: [Buffer.alloc(9)] }, says: "not 9" },
    { what: "other bits", payload: { meta: { kind: "pixels", width: 1, height: 1, channels: 1, bits: 32 }, buffers: [Buffer.alloc(4)] }, says: "32 bits" },
    { what: "half a number", payload: { meta: { kind: "pixels", width: 1, height: 1, channels: 1, bits: 16 }, buffers: [Buffer.alloc(1)] }, says: "1 bytes of 16-bit numbers" },
  ])("a payload with $what is refused", ({ payload, says }) => {
    const whole = { ...(container.toPayload(Image.fromBytes(png)) as Payload), ...payload } as Payload;
    expect(() => container.fromPayload(whole)).toThrow(InvalidArgumentError);
    expect(() => container.fromPayload(whole)).toThrow(says);
  });

  test("a file that is not there, or is none", async () => {
    await expect(container.toPayload(Image.fromFile(join(folder, "none.png")))).rejects.toThrow(NotFoundError);
    await expect(container.toPayload(Image.fromFile(folder))).rejects.toThrow(/EISDIR/);
    expect(() => Image.fromFile(new URL("https://example.org/a.png"))).toThrow(/download other addresses yourself/);
    expect(() => Image.fromFile("")).toThrow(InvalidArgumentError);
  });
});

describe("the container of sharp instances", () => {
  const own = sharpRegistration.container;

  test("is found for them, and not for other objects", () => {
    expect(defaultRegistry.containerOf(sharp(png)).name).toBe("SharpContainer");
    expect(defaultRegistry.containerOf({ toBuffer: 1 }).name).toBe("DefaultContainer");
    expect(() => own.batchesToBatch()).toThrow(/turn them into tensors/);
    expect(() => own.batchToBatches()).toThrow(/turn them into tensors/);
    expect(own.getBatchSize()).toBe(1);
  });

  test("one without steps travels as its input's bytes", async () => {
    const path = join(folder, "b.png");
    writeFileSync(path, png);
    for (const instance of [sharp(png), sharp(png).clone(), sharp(path)]) {
      const payload = await own.toPayload(instance);
      expect(payload).toMatchObject({ container: "SharpContainer", meta: { kind: "encoded" } });
      expect(Buffer.compare(payload.buffers[0] as Uint8Array, png)).toBe(0);
    }
  });

  test("one with steps travels as pixels, which are what the steps give", async () => {
    const instance = sharp(png).resize(7, 5).grayscale();
    const payload = await own.toPayload(instance);
    expect(payload.meta).toEqual({ kind: "pixels", width: 7, height: 5, channels: 1, bits: 8 });
    const arrived = await own.fromPayload(structuredClone(payload));
    expect(await arrived.grayscale().raw().toBuffer()).toEqual(await instance.clone().raw().toBuffer());
    expect(await instance.png().toBuffer()).toBeInstanceOf(Buffer);
  });

  test("raw pixels and options of the input are steps too", async () => {
    const raw = { width: 4, height: 2, channels: 3 } as const;
    expect((await own.toPayload(sharp(somePixels(4, 2), { raw }))).meta).toMatchObject({ kind: "pixels", width: 4, height: 2, channels: 3 });
    expect((await own.toPayload(sharp(png, { autoOrient: true }))).meta).toMatchObject({ kind: "pixels" });
  });

  test("one that waits for a stream, or whose image is broken, is refused", async () => {
    await expect(own.toPayload(sharp())).rejects.toThrow(/waits for a stream/);
    await expect(own.toPayload(sharp(png.subarray(0, 200)).resize(3))).rejects.toMatchObject({ code: "INVALID_IMAGE" });
  });
});
