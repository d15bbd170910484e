import { NdArray, type Dtype } from "bentoml-core";
import { BINARY_TYPE, arrayOfBytes, bytesOfArray } from "./array-binary.js";
import { arrayText, nestedOf } from "./array-json.js";
import { ArraySpec, type ArrayOptions } from "./array-spec.js";
import type { DescribedBody, IoDescriptor, PartDescriptor, ReceivedContent, WantedContent, WrittenContent } from "./descriptor.js";
import { JSON_TYPES } from "./json-descriptor.js";
import { prefers } from "./media-type.js";
import { textOf } from "./text-bytes.js";

/** What `io.ndarray` takes. */
export interface NdArrayOptions<D extends Dtype = Dtype> extends ArrayOptions<D> {
  /** Nested lists, for OpenAPI. Default: zeros, where the shape says how many. */
  readonly example?: unknown;
}

/** An array: nested lists in JSON, or its elements' bytes as application/octet-stream. */
export class NdArrayDescriptor<D extends Dtype> implements IoDescriptor<NdArray<D>, NdArray>, PartDescriptor<NdArray> {
  readonly kind: string = "NdArray";
  readonly mediaTypes: readonly string[] = [...JSON_TYPES, BINARY_TYPE];
  readonly requestBody: DescribedBody;
  readonly responseBody: DescribedBody;
  readonly #spec: ArraySpec<D>;

  constructor({ example, ...options }: NdArrayOptions<D>) {
    this.#spec = new ArraySpec(options);
    const { schema, example: zeros } = this.#spec;
    const shown = example ?? zeros;
    const described: DescribedBody = {
      "application/json": { schema, ...(shown === undefined ? {} : { example: shown }) },
      [BINARY_TYPE]: { schema: { description: "elements in row-major order, little-endian; the header Payload-Meta has their dtype and shape" } },
    };
    this.requestBody = described;
    this.responseBody = described;
  }

  read(content: ReceivedContent): NdArray<D> {
    if (content.mediaType?.name === BINARY_TYPE) return this.#spec.fit(arrayOfBytes(content, this.#spec));
    return this.#spec.fromNested(nestedOf(textOf(content), this.#spec.dtype));
  }

  write(value: NdArray, { accept }: WantedContent): WrittenContent {
    if (!NdArray.isNdArray(value)) throw new TypeError(`the answer must be an NdArray, it is of type ${typeof value}`);
    const array = this.#spec.fit(value);
    return prefers(accept, BINARY_TYPE, "application/json") ? bytesOfArray(array) : { mediaType: "application/json", body: arrayText(array) };
  }
}
