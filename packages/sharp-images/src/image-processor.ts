import { bytesPerElement, InvalidArgumentError, NdArray, viewOf } from "bentoml-core";
import { encodePixels } from "./encode-pixels.js";
import { fillBand, type TensorData } from "./fill-tensor.js";
import { Image, type PixelImage } from "./image.js";
import type { CheckedRecipe } from "./image-recipe.js";
import { LoopTurns } from "./loop-turns.js";
import type { SharpLibrary } from "./native-library.js";
import { bandsOf } from "./pixel-bands.js";
import type { RawPixels } from "./raw-pixels.js";
import { readPixels, readRecipePixels } from "./read-pixels.js";
import { keepsValues, valueTable, type ValueTable } from "./value-table.js";

/** A recipe at work, with sharp loaded. sharp works in libuv's threads; what is left for this thread is one pass over the values. */
export class ImageProcessor {
  readonly #tables = new Map<8 | 16, ValueTable>();
  readonly #turns = new LoopTurns();

  constructor(
    private readonly sharp: SharpLibrary,
    /** The steps that it takes. */
    readonly recipe: CheckedRecipe,
  ) {}

  /**
   * A tensor [images or frames, channels, height, width], or with channels last. All images must get one size.
   *
   * @throws InvalidArgumentError (`INVALID_IMAGE`, `UNSUPPORTED_IMAGE`, `IMAGE_TOO_LARGE`) that says which of several images it was.
   */
  async preprocess(...images: readonly Image[]): Promise<NdArray> {
    const batch = new TensorBatch(this.recipe, images.length, { table: (bits) => this.#table(bits), turn: () => this.#turns.next() });
    // Those that still run when one has failed are waited for: nothing goes on when a call has ended.
    const outcomes = await Promise.allSettled(images.map(async (image, index) => batch.add(index, await this.#read(image))));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === "rejected") throw namedError(outcome.reason, index, images.length);
      const trouble = batch.troubleWith(index);
      if (trouble !== undefined) throw namedError(trouble, index, images.length);
    }
    return batch.tensor();
  }

  /**
   * Pixels as the file has them: [height, width, channels], uint8 or uint16, turned by EXIF; for a recipe of all frames
   * [frames, height, width, channels]. Profiles and CMYK are converted to sRGB; no other step of the recipe is taken.
   *
   * @throws InvalidArgumentError (`INVALID_IMAGE`, `UNSUPPORTED_IMAGE`, `IMAGE_TOO_LARGE`).
   */
  async decode(image: Image): Promise<NdArray> {
    const { data, width, height, channels, frames } = await readPixels(this.sharp, await image.load(), this.recipe);
    const shape = [height, width, channels];
    return arrayOf(data, this.recipe.frames === "all" ? [frames, ...shape] : shape);
  }

  /**
   * An image file of pixels [height, width, channels] or [height, width], uint8, or uint16 for PNG.
   *
   * @throws InvalidArgumentError for pixels that the format cannot hold.
   */
  async encode(pixels: NdArray): Promise<Image> {
    return Image.fromBytes(await encodePixels(this.sharp, pixels, this.recipe.encode));
  }

  async #read(image: Image): Promise<RawPixels> {
    return readRecipePixels(this.sharp, await image.load(), this.recipe);
  }

  #table(bits: 8 | 16): ValueTable {
    let table = this.#tables.get(bits);
    if (table === undefined) {
      table = valueTable(this.recipe, bits);
      this.#tables.set(bits, table);
    }
    return table;
  }
}

/** Of an image that are worked on in one turn of the event loop: less than a millisecond's work. */
const BAND_PIXELS = 131_072;

type PixelSize = Omit<RawPixels, "data">;

function shownSize({ width, height, frames }: PixelSize): string {
  return `${width} x ${height}${frames === 1 ? "" : ` of ${frames} frames`}`;
}

/**
 * The tensor of a call: made when one image is there, which decides its size; each image is written into its own part. They come in any
 * order, so whether all have one size is asked when they are all there.
 */
class TensorBatch {
  #data: TensorData | undefined;
  readonly #sizes: PixelSize[] = [];

  constructor(
    private readonly recipe: CheckedRecipe,
    private readonly images: number,
    private readonly processor: { readonly table: (bits: 8 | 16) => ValueTable; readonly turn: () => Promise<void> },
  ) {}

  /** Other work of this thread goes on between the bands of an image. */
  async add(index: number, pixels: RawPixels): Promise<void> {
    const { width, height, channels, frames } = pixels;
    this.#sizes[index] = { width, height, channels, frames };
    // Of another size, which is refused in the end.
    if (this.#data !== undefined && this.#data.length !== pixels.data.length * this.images) return;
    const { layout } = this.recipe;
    const bits = pixels.data instanceof Uint16Array ? 16 : 8;
    const isInOrder = (layout === "NHWC" || pixels.channels === 1) && keepsValues(this.recipe, bits);
    const target = (this.#data ??= unwrittenMemory(this.recipe.dtype, pixels.data.length * this.images));
    const start = index * pixels.data.length;
    if (isInOrder) {
      target.set(pixels.data, start);
      return;
    }
    const table = this.processor.table(bits);
    for (const band of bandsOf(pixels, BAND_PIXELS)) {
      await this.processor.turn();
      fillBand(pixels, table, { target, start, layout }, band);
    }
  }

  /** Why an image that was added cannot be in one tensor with the first one. */
  troubleWith(index: number): InvalidArgumentError | undefined {
    const [first, own] = [shownSize(this.#sizes[0] as PixelSize), shownSize(this.#sizes[index] as PixelSize)];
    if (own === first) return undefined;
    return new InvalidArgumentError(
      `The images of one call came out in different sizes, ${first} and ${own}: give the recipe a resize with width and height, or make a call for each.`,
    );
  }

  tensor(): NdArray {
    const { width, height, channels, frames } = this.#sizes[0] as PixelSize;
    const rows = this.images * frames;
    const shape = this.recipe.layout === "NCHW" ? [rows, channels, height, width] : [rows, height, width, channels];
    return new NdArray(this.recipe.dtype, shape, this.#data as never);
  }
}

/** Memory that is not cleared first, which takes longer than to fill it: every number of it is written, or the call fails. */
function unwrittenMemory(dtype: CheckedRecipe["dtype"], length: number): TensorData {
  const { buffer } = Buffer.allocUnsafeSlow(length * bytesPerElement(dtype));
  return viewOf(dtype, buffer, 0, length);
}

/** A copy, which can be given away. */
function arrayOf(data: PixelImage["data"], shape: readonly number[]): NdArray {
  return data instanceof Uint16Array ? new NdArray("uint16", shape, data.slice()) : new NdArray("uint8", shape, data.slice());
}

function namedError(reason: unknown, index: number, images: number): unknown {
  if (images === 1 || !(reason instanceof InvalidArgumentError)) return reason;
  const { code, httpStatus, cause } = reason;
  return new InvalidArgumentError(`Image ${index + 1} of ${images}: ${reason.message}`, { code, httpStatus, cause });
}
