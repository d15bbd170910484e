import { Runnable, StateError, type CallContext, type NdArray, type SetupContext } from "bentoml-core";
import { decoderThreads, type DecoderThreads } from "./decoder-threads.js";
import type { Image } from "./image.js";
import { ImageProcessor } from "./image-processor.js";
import type { CheckedRecipe } from "./image-recipe.js";
import { loadSharp } from "./native-library.js";
import { register } from "./sharp-adapter.js";
import { CALLS_AT_ONCE, WORKER_NICENESS } from "./worker-load.js";

/** What a worker needs of a stored recipe. */
export interface RecipeDescription {
  readonly tag: string;
  readonly recipe: CheckedRecipe;
  /** Threads that libvips uses for one image; undefined leaves it as it is. */
  readonly concurrency: number | undefined;
}

/** What `setup` tells about sharp. */
export interface SharpFacts {
  /** Version of sharp. */
  readonly sharp: string;
  /** Version of libvips. */
  readonly libvips: string;
  /** Threads that libvips uses for one image. */
  readonly concurrency: number;
}

type ImageMethods = Readonly<Record<"preprocess" | "decode" | "encode", { readonly maxConcurrency: number; readonly doc: string }>>;

/** A recipe in a worker. Loads sharp in `setup`, so that importing this module loads no native code. */
export class ImageRunnable extends Runnable {
  static override readonly module: string = import.meta.url;
  static override readonly workerNiceness: number = WORKER_NICENESS;
  static override readonly methods: ImageMethods = {
    preprocess: { maxConcurrency: CALLS_AT_ONCE, doc: "Images as one tensor, by the recipe." },
    decode: { maxConcurrency: CALLS_AT_ONCE, doc: "The pixels of an image, as the file has them." },
    encode: { maxConcurrency: CALLS_AT_ONCE, doc: "An image file of pixels." },
  };

  readonly #description: RecipeDescription;
  #processor: ImageProcessor | undefined;
  #decoders: DecoderThreads | undefined;

  constructor(description: RecipeDescription) {
    super();
    this.#description = description;
  }

  /** Loads sharp; the facts reach the runner. */
  override async setup({ niceness }: SetupContext): Promise<SharpFacts> {
    register();
    const sharp = await loadSharp();
    const { recipe, concurrency } = this.#description;
    if (concurrency !== undefined) sharp.concurrency(concurrency);
    this.#processor = new ImageProcessor(sharp, recipe);
    this.#decoders = decoderThreads(niceness);
    return { sharp: sharp.versions.sharp, libvips: sharp.versions.vips, concurrency: sharp.concurrency() };
  }

  override teardown(): void {
    this.#processor = undefined;
  }

  /** The arguments are Images, as `prepare` makes them, and the call's context. */
  preprocess(...images: readonly [...Image[], CallContext]): Promise<NdArray> {
    return this.#run((processor) => processor.preprocess(...(images.slice(0, -1) as Image[])));
  }

  decode(image: Image): Promise<NdArray> {
    return this.#run((processor) => processor.decode(image));
  }

  encode(pixels: NdArray): Promise<Image> {
    return this.#run((processor) => processor.encode(pixels));
  }

  async #run<Result>(call: (processor: ImageProcessor) => Promise<Result>): Promise<Result> {
    if (this.#processor === undefined) throw new StateError(`${this.#description.tag} is not open: its runner was not set up, or is torn down.`);
    const result = await call(this.#processor);
    // Now libvips has threads.
    this.#decoders?.giveWay();
    return result;
  }
}
