import { DataContainerBase, InvalidArgumentError, type JoinedBatch, type Payload } from "bentoml-core";
import { isImageFormat } from "./image-format.js";
import { Image, type LoadedImage } from "./image.js";

/**
 * Images one by one, as Python's container has them: a file's bytes travel as they are, pixels as numbers, and paths not at all
 * (the file is read where the call is made). They are refused for joining: tensors are what can be joined.
 */
export class ImageContainer extends DataContainerBase<Image> {
  readonly name = "ImageContainer";

  getBatchSize(): number {
    return 1;
  }

  batchesToBatch(): JoinedBatch<Image> {
    throw noBatches();
  }

  batchToBatches(): Image[] {
    throw noBatches();
  }

  toPayload(image: Image): Payload | Promise<Payload> {
    const { loaded } = image;
    return loaded === undefined ? image.load().then((read) => this.#pack(read)) : this.#pack(loaded);
  }

  /** @throws InvalidArgumentError for a payload that is no image. */
  fromPayload({ meta, buffers }: Payload): Image {
    const [given] = buffers;
    if (buffers.length !== 1 || given === undefined) throw brokenPayload(`${buffers.length} buffers`);
    // A frame's parts are Buffers.
    const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
    if (meta["kind"] === "pixels") return pixelsFrom(meta, bytes);
    const image = Image.fromBytes(bytes);
    if (isImageFormat(meta["format"]) && image.format === meta["format"]) return image;
    throw brokenPayload(`format ${JSON.stringify(meta["format"])} for a file of ${String(image.format)}`);
  }

  #pack(image: LoadedImage): Payload {
    const { container, batchSize } = { container: this.name, batchSize: 1 };
    if (image.kind === "encoded") return { container, batchSize, meta: { kind: "encoded", format: image.format }, buffers: [image.bytes] };
    const { data, width, height, channels } = image;
    const bits = data instanceof Uint16Array ? 16 : 8;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { container, batchSize, meta: { kind: "pixels", width, height, channels, bits }, buffers: [bytes] };
  }
}

function pixelsFrom({ width, height, channels, bits }: Payload["meta"], bytes: Uint8Array): Image {
  if (bits !== 8 && bits !== 16) throw brokenPayload(`${JSON.stringify(bits)} bits a channel`);
  const size = { width, height, channels } as Parameters<typeof Image.fromPixels>[1];
  return Image.fromPixels(bits === 8 ? bytes : sixteenBits(bytes), size);
}

function sixteenBits(bytes: Uint8Array): Uint16Array {
  if (bytes.byteLength % 2 !== 0) throw brokenPayload(`${bytes.byteLength} bytes of 16-bit numbers`);
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
}

function brokenPayload(what: string): InvalidArgumentError {
  return new InvalidArgumentError(`A payload of ImageContainer has ${what}: it was not made by this container.`);
}

function noBatches(): InvalidArgumentError {
  return new InvalidArgumentError("Images cannot be joined into a batch: turn them into tensors with a recipe's preprocess, and join those.");
}

const imageType = { module: "bentoml-sharp-images", name: "Image", is: (value: unknown) => Image.isImage(value) };

/** For `defineAdapter`. */
export const imageRegistration: {
  readonly singleType: typeof imageType;
  readonly batchType: typeof imageType;
  readonly container: ImageContainer;
} = { singleType: imageType, batchType: imageType, container: new ImageContainer() };
