import type { DescribedBody, IoDescriptor, PartDescriptor, ReceivedContent, WrittenContent } from "./descriptor.js";
import { textOf } from "./text-bytes.js";

/** What `io.text` takes. */
export interface TextOptions {
  /** For OpenAPI. */
  readonly example?: string;
  /** What answers are sent as. Default "text/plain". */
  readonly mediaType?: string;
}

/** Text in UTF-8. */
export class TextDescriptor implements IoDescriptor<string>, PartDescriptor<string> {
  readonly kind: string = "Text";
  readonly mediaTypes: readonly string[] = ["text/*"];
  readonly requestBody: DescribedBody;
  readonly responseBody: DescribedBody;
  readonly #mediaType: string;

  constructor({ example, mediaType = "text/plain" }: TextOptions) {
    const described = { schema: { type: "string" }, ...(example === undefined ? {} : { example }) };
    this.#mediaType = mediaType;
    this.requestBody = { "text/plain": described };
    this.responseBody = { [mediaType]: described };
  }

  read(content: ReceivedContent): string {
    return textOf(content);
  }

  write(value: string): WrittenContent {
    if (typeof value !== "string") throw new TypeError(`the answer must be a string, it is of type ${typeof value}`);
    return { mediaType: `${this.#mediaType}; charset=utf-8`, body: value };
  }
}
