import { InvalidArgumentError, NdArray } from "bentoml-core";
import { Image, pixelImage } from "./image.js";
import { isSharpInstance, type SharpInstance } from "./sharp-instance.js";

/**
 * What a method takes as an image: an Image, the bytes of a file (also as an array of uint8 with one dim, or as `fetch` gives them),
 * a `file:` URL, a `sharp` instance, or pixels [height, width, channels] of uint8 or uint16.
 */
export type ImageInput = Image | Uint8Array | ArrayBuffer | URL | SharpInstance | NdArray<"uint8"> | NdArray<"uint16">;

/**
 * The value as an Image. `argument` is how messages call it.
 *
 * @throws InvalidArgumentError for what is no image.
 */
export function toImage(value: unknown, argument: string): Image {
  if (Image.isImage(value)) return value;
  if (value instanceof Uint8Array) return Image.fromBytes(value);
  if (value instanceof ArrayBuffer) return Image.fromBytes(new Uint8Array(value));
  if (value instanceof URL) return Image.fromFile(value);
  if (isSharpInstance(value)) return Image.fromSharp(value);
  if (NdArray.isNdArray(value)) return imageOfArray(value, argument);
  if (typeof value === "string") {
    throw new InvalidArgumentError(
      `"${argument}" is text, which is never taken for a path, since text may come from a stranger. For a file of your own pass Image.fromFile(path), for bytes in base64 Buffer.from(text, "base64").`,
    );
  }
  throw new InvalidArgumentError(`"${argument}" is ${kindOf(value)}: pass an Image, the bytes of a file, a "file:" URL, a sharp instance, or an array of pixels.`);
}

function imageOfArray({ dtype, shape, data }: NdArray, argument: string): Image {
  if (shape.length === 1 && dtype === "uint8") return Image.fromBytes(data as Uint8Array);
  if (shape.length === 3 && (dtype === "uint8" || dtype === "uint16")) {
    const [height = 0, width = 0, channels = 0] = shape;
    return Image.fromPixels(data as Uint8Array | Uint16Array, pixelImage(data as Uint8Array, width, height, channels));
  }
  throw new InvalidArgumentError(
    `"${argument}" is an array of dtype ${dtype} and shape [${shape.join(", ")}]: an image is uint8 [bytes of a file], or uint8 or uint16 [height, width, channels].`,
  );
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Promise) return "a promise, which must be awaited first";
  return Array.isArray(value) ? "a list" : `of type ${typeof value}`;
}
