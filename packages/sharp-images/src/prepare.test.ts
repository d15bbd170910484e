import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { someFile, somePixels } from "@bentoml-tools/images";
import { InvalidArgumentError, ModelStore, NdArray, Params, kwargs, type StoredModel } from "bentoml-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Image } from "./image.js";
import { saveModel } from "./index.js";
import { prepare } from "./prepare.js";

let root: string;
let plain: StoredModel;
let animated: StoredModel;
let png: Uint8Array;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "bentoml-images-"));
  const store = new ModelStore(root);
  plain = (await saveModel("plain", { formats: ["png"], encode: { format: "jpeg" } }, { store })).stored;
  animated = (await saveModel("animated", { frames: "all" }, { store })).stored;
  png = await someFile("png", 6, 4);
});

afterAll(() => rmSync(root, { recursive: true }));

function prepared(method: "preprocess" | "decode" | "encode", args: readonly unknown[], model: () => StoredModel = () => plain): readonly unknown[] {
  return prepare(Params.of(...args), { batchable: false, batchDim: [0, 0] }, method, model()).args;
}

describe("an image may be given as", () => {
  test.each([
    ["an Image", () => Image.fromBytes(png)],
    ["bytes", () => png],
    ["an ArrayBuffer", () => new Uint8Array(png).buffer],
    ["an array of bytes", () => NdArray.from(new Uint8Array(png))],
    ["pixels", () => new NdArray("uint8", [4, 6, 3], somePixels(6, 4))],
    ["a file URL", () => new URL("file:///tmp/a.png")],
    ["a sharp instance", () => sharp(png)],
    ["a keyword", () => kwargs({ image: png })],
    ["a record of inputs, as servers give it", () => ({ image: NdArray.from(new Uint8Array(png)) })],
    ["a list of one", () => [png]],
  ])("%s", (_what, make) => {
    const [image, ...more] = prepared("preprocess", [make()]);
    expect(Image.isImage(image)).toBe(true);
    expect(more).toEqual([]);
  });
});

test("a list becomes as many arguments, which are left as they are when they come again", () => {
  const images = prepared("preprocess", [[png, png, Image.fromBytes(png)]]);
  expect(images).toHaveLength(3);
  expect(prepared("preprocess", images)).toEqual(images);
});

describe("refused in the caller's thread, by name", () => {
  test.each([
    { what: "text", method: "preprocess", args: ["/etc/passwd"], says: /"image" is text, which is never taken for a path/ },
    { what: "a promise", method: "decode", args: [Promise.resolve()], says: /"image" is a promise, which must be awaited first/ },
    { what: "a number", method: "decode", args: [3], says: /"image" is of type number/ },
    { what: "nothing", method: "decode", args: [undefined], says: /"image" is undefined/ },
    { what: "a list for decode", method: "decode", args: [[]], says: /"image" is a list/ },
    { what: "an empty list", method: "preprocess", args: [[]], says: /empty list/ },
    { what: "a list in a list", method: "preprocess", args: [[[]]], says: /"image\[0\]" is a list/ },
    { what: "no argument", method: "preprocess", args: [], says: /"image", and was given 0/ },
    { what: "two arguments", method: "decode", args: [1, 2], says: /"image", and was given 2/ },
    { what: "another keyword", method: "preprocess", args: [kwargs({ picture: 1 })], says: /no argument "picture"; the method takes "image"/ },
    { what: "floats", method: "preprocess", args: [NdArray.zeros("float32", [4, 4, 3])], says: /dtype float32 and shape \[4, 4, 3\]/ },
    { what: "five channels", method: "preprocess", args: [NdArray.zeros("uint8", [4, 4, 5])], says: /not 5/ },
    { what: "bytes for encode", method: "encode", args: [new Uint8Array(3)], says: /"pixels" must be an NdArray/ },
    { what: "deep pixels for a flat format", method: "encode", args: [NdArray.zeros("uint16", [2, 2])], says: /encode as jpeg are uint16: they must be uint8/ },
    { what: "alpha for jpeg", method: "encode", args: [NdArray.zeros("uint8", [2, 2, 4])], says: /jpeg cannot hold/ },
    { what: "a row of pixels", method: "encode", args: [NdArray.zeros("uint8", [2])], says: /\[height, width, channels\] or \[height, width\]/ },
  ] as const)("$what", ({ method, args, says }) => {
    expect(() => prepared(method, args)).toThrow(InvalidArgumentError);
    expect(() => prepared(method, args)).toThrow(says);
  });

  test("a format that the recipe does not take", async () => {
    const jpeg = await someFile("jpeg");
    expect(() => prepared("preprocess", [[png, jpeg]])).toThrow(/is jpeg, and the recipe takes only png/);
  });

  test("several images for a recipe of all frames", () => {
    expect(() => prepared("preprocess", [[png, png]], () => animated)).toThrow(/one animated image a call/);
  });
});
