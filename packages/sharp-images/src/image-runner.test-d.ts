import type { NdArray } from "bentoml-core";
import sharp from "sharp";
import { expectTypeOf, test } from "vitest";
import { get, Image, saveModel } from "./index.js";

test("methods have the types of images and arrays", () => {
  const runner = get("imagenet:latest").toRunner({ workers: 2, concurrency: 1 });
  const bytes = new Uint8Array(3);
  expectTypeOf(runner.preprocess(bytes)).resolves.toEqualTypeOf<NdArray>();
  expectTypeOf(runner.preprocess([bytes, sharp(bytes), Image.fromFile("a.png"), new URL("file:///a.png")])).resolves.toEqualTypeOf<NdArray>();
  expectTypeOf(runner.decode(Image.fromBytes(bytes))).resolves.toEqualTypeOf<NdArray<"uint8"> | NdArray<"uint16">>();
  expectTypeOf(runner.encode({} as NdArray)).resolves.toEqualTypeOf<Image>();
  // @ts-expect-error a path is text that may come from anywhere
  void runner.preprocess("a.png");
  // @ts-expect-error decode takes one image
  void runner.decode([bytes]);
  // @ts-expect-error there is no such field
  void saveModel("a", { size: 3 });
  // @ts-expect-error sizes are numbers
  void saveModel("a", { resize: { shortestSide: "224" } });
});
