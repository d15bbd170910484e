import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { InvalidArgumentError, NotFoundError } from "bentoml-core";
import { invalidImage, unsupportedImage } from "./image-errors.js";
import { imageFormatOf, imageFormats, otherFileKind, type ImageFormat } from "./image-format.js";
import { readSharpInstance, type SharpInstance } from "./sharp-instance.js";

/** Two installed copies of this package recognise each other's images by it. */
const BRAND: unique symbol = Symbol.for("bentoml.Image") as never;

/** A file's bytes, as they are. */
export interface EncodedImage {
  /** Tells it from pixels. */
  readonly kind: "encoded";
  /** The file's bytes. */
  readonly bytes: Uint8Array;
  /** What they begin as. */
  readonly format: ImageFormat;
}

/** Rows of pixels from the top, channels together: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha; sRGB, alpha not premultiplied. */
export interface PixelImage {
  /** Tells it from a file. */
  readonly kind: "pixels";
  /** height x width x channels values. */
  readonly data: Uint8Array | Uint16Array;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Values of one pixel. */
  readonly channels: 1 | 2 | 3 | 4;
}

/** An image whose bytes or pixels are in memory. */
export type LoadedImage = EncodedImage | PixelImage;

type Source = LoadedImage | { readonly kind: "file"; readonly path: string } | { readonly kind: "sharp"; readonly instance: SharpInstance };

/**
 * An image to give to a runner, or what one gives: a file's bytes, which are never encoded anew on their way, or raw pixels.
 * Holds the memory that it was given, without a copy.
 */
export class Image {
  readonly #source: Source;
  #loading: Promise<LoadedImage> | undefined;

  private constructor(source: Source) {
    this.#source = source;
  }

  /**
   * The image in the bytes of a file.
   *
   * @throws InvalidArgumentError (`INVALID_IMAGE`, `UNSUPPORTED_IMAGE`) for bytes that do not begin as an image of `imageFormats` does.
   */
  static fromBytes(bytes: Uint8Array): Image {
    return new Image(encodedImage(bytes));
  }

  /** Read when it is first needed, in this process: a path never travels to another one. */
  static fromFile(path: string | URL): Image {
    if (path instanceof URL ? path.protocol !== "file:" : typeof path !== "string" || path === "") {
      throw new InvalidArgumentError(`Image.fromFile takes a path or a "file:" URL, not ${JSON.stringify(path)}: download other addresses yourself, and pass the bytes.`);
    }
    return new Image({ kind: "file", path: path instanceof URL ? fileURLToPath(path) : path });
  }

  /**
   * Raw pixels, 8 or 16 bits a channel.
   *
   * @throws InvalidArgumentError when the data has another length than width x height x channels.
   */
  static fromPixels(data: Uint8Array | Uint16Array, { width, height, channels }: Pick<PixelImage, "width" | "height" | "channels">): Image {
    return new Image(pixelImage(data, width, height, channels));
  }

  /** Whatever the instance's pipeline gives; its input's bytes as they are when it has no steps. */
  static fromSharp(instance: SharpInstance): Image {
    return new Image({ kind: "sharp", instance });
  }

  /** True for an Image, also one of another installed copy of this package. */
  static isImage(value: unknown): value is Image {
    return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }

  /** By it, images of another installed copy of this package are recognised. */
  get [BRAND](): true {
    return true;
  }

  /** The bytes or pixels, if they are in memory; undefined for a file or a `sharp` instance. */
  get loaded(): LoadedImage | undefined {
    return this.#source.kind === "encoded" || this.#source.kind === "pixels" ? this.#source : undefined;
  }

  /** The file's bytes; undefined for pixels, and for what is not in memory. */
  get bytes(): Uint8Array | undefined {
    return this.#source.kind === "encoded" ? this.#source.bytes : undefined;
  }

  /** The file's format; undefined for pixels, and for what is not in memory. */
  get format(): ImageFormat | undefined {
    return this.#source.kind === "encoded" ? this.#source.format : undefined;
  }

  /**
   * The bytes or pixels, from wherever they are.
   *
   * @throws NotFoundError for a file that is not there, InvalidArgumentError for one that is no image.
   */
  load(): Promise<LoadedImage> {
    this.#loading ??= loadSource(this.#source);
    return this.#loading;
  }
}

async function loadSource(source: Source): Promise<LoadedImage> {
  if (source.kind === "file") return encodedImage(await readImageFile(source.path));
  if (source.kind === "sharp") return loadSharp(source.instance);
  return source;
}

async function loadSharp(instance: SharpInstance): Promise<LoadedImage> {
  const result = await readSharpInstance(instance);
  if (result.kind === "bytes") return encodedImage(result.bytes);
  if (result.kind === "file") return encodedImage(await readImageFile(result.path));
  return pixelImage(result.data, result.width, result.height, result.channels);
}

async function readImageFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new NotFoundError(`There is no image file ${path} (working folder: ${process.cwd()}).`, { cause });
    throw new InvalidArgumentError(`The image file ${path} cannot be read: ${String(code)}.`, { cause });
  }
}

/** @throws InvalidArgumentError for what does not begin as an image does. */
export function encodedImage(bytes: Uint8Array): EncodedImage {
  if (!(bytes instanceof Uint8Array)) throw new InvalidArgumentError(`The bytes of an image must be a Uint8Array, not ${typeof bytes}.`);
  if (bytes.byteLength === 0) throw invalidImage("The image is empty: it has no bytes.");
  const format = imageFormatOf(bytes);
  if (format !== undefined) return { kind: "encoded", bytes, format };
  const readable = `Recipes read ${imageFormats.join(", ")}.`;
  const kind = otherFileKind(bytes);
  if (kind !== undefined) throw unsupportedImage(`The image looks like ${kind}. ${readable}`);
  const head = Buffer.from(bytes.subarray(0, 8)).toString("hex");
  throw invalidImage(`The ${bytes.byteLength} bytes that were given are no image: they begin with ${head} (hexadecimal). ${readable}`);
}

/** @throws InvalidArgumentError when the parts do not fit together. */
export function pixelImage(data: Uint8Array | Uint16Array, width: number, height: number, channels: number): PixelImage {
  if (!(data instanceof Uint8Array || data instanceof Uint16Array)) {
    throw new InvalidArgumentError("Pixels must be a Uint8Array, or a Uint16Array for 16 bits a channel.");
  }
  for (const [name, value] of Object.entries({ width, height })) {
    if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError(`The ${name} of an image is ${String(value)}: it must be a whole number of pixels, 1 or more.`);
  }
  if (channels !== 1 && channels !== 2 && channels !== 3 && channels !== 4) {
    throw new InvalidArgumentError(`An image has 1 (grey), 2 (grey and alpha), 3 (RGB) or 4 (RGB and alpha) channels, not ${String(channels)}.`);
  }
  if (data.length !== width * height * channels) {
    throw new InvalidArgumentError(`${width} x ${height} pixels of ${channels} channels are ${width * height * channels} numbers, but ${data.length} were given.`);
  }
  return { kind: "pixels", data, width, height, channels };
}
