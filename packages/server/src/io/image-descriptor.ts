import { InvalidArgumentError } from "bentoml-core";
import type { DescribedBody, IoDescriptor, PartDescriptor, ReceivedContent, WrittenContent } from "./descriptor.js";
import { FORM_TYPE, firstPartOf } from "./form-parts.js";
import { imageTypeOf, knownImageTypes } from "./image-signature.js";
import { receivedFile, type ReceivedFile } from "./received-file.js";

/** What `io.image` takes. */
export interface ImageOptions {
  /** What is taken, such as "image/png" or "image/*". Default: AVIF, BMP, GIF, JPEG, PNG, TIFF and WebP. */
  readonly mimeTypes?: readonly string[];
  /** What answers are sent as. Default: what their bytes begin as. */
  readonly outputMimeType?: string;
}

/** An image to send: a file's bytes, or what has them, such as an Image of bentoml-sharp-images. */
export type ImageToSend = Uint8Array | { readonly bytes: Uint8Array | undefined };

/** An image in a file's bytes, which are never decoded here: as the body, or as the first fitting field of a form. */
export class ImageDescriptor implements IoDescriptor<ReceivedFile, ImageToSend>, PartDescriptor<ImageToSend> {
  readonly kind: string = "Image";
  readonly mediaTypes: readonly string[];
  readonly takesUntyped: boolean = false;
  readonly requestBody: DescribedBody;
  readonly responseBody: DescribedBody;
  readonly #mimeTypes: readonly string[];
  readonly #outputMimeType: string | undefined;

  constructor({ mimeTypes = knownImageTypes, outputMimeType }: ImageOptions) {
    this.#mimeTypes = mimeTypes;
    this.#outputMimeType = outputMimeType;
    this.mediaTypes = [...mimeTypes, FORM_TYPE];
    this.requestBody = bodies(mimeTypes);
    this.responseBody = bodies(outputMimeType === undefined ? ["image/*"] : [outputMimeType]);
  }

  async read(content: ReceivedContent): Promise<ReceivedFile> {
    const isForm = content.mediaType?.name === FORM_TYPE;
    const { bytes, mediaType, fileName } = isForm ? await firstPartOf(content, this.#mimeTypes) : content;
    const mimeType = mediaType?.name ?? "";
    if (bytes.length === 0) throw new InvalidArgumentError("the image is empty: send the bytes of a file");
    if (knownImageTypes.includes(mimeType) && imageTypeOf(bytes) !== mimeType) {
      throw new InvalidArgumentError(`the body is said to be ${mimeType}, but it begins as ${imageTypeOf(bytes) ?? "no image"}`);
    }
    return receivedFile(bytes, mimeType, fileName);
  }

  write(value: ImageToSend): WrittenContent {
    const bytes: unknown = value instanceof Uint8Array ? value : (value as Partial<Exclude<ImageToSend, Uint8Array>> | null)?.bytes;
    if (!(bytes instanceof Uint8Array)) throw new TypeError("the answer must be the bytes of an image, or an Image that has been encoded");
    const mediaType = this.#outputMimeType ?? imageTypeOf(bytes);
    if (mediaType === undefined) throw new TypeError("the answer begins as no known image: say what it is with outputMimeType");
    return { mediaType, body: bytes };
  }
}

function bodies(mimeTypes: readonly string[]): DescribedBody {
  return Object.fromEntries(mimeTypes.map((mimeType) => [mimeType, { schema: { type: "string", contentMediaType: mimeType } }]));
}
