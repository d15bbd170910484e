import type { MediaType } from "./media-type.js";

/** A JSON Schema (draft 2020-12), as OpenAPI 3.1 takes it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A body as it came, or one part of a form. */
export interface ReceivedContent {
  /** All of it, expanded. */
  readonly bytes: Uint8Array;
  /** What it is said to be; undefined when it is not said. */
  readonly mediaType: MediaType | undefined;
  /** Of the request, or of the part; names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** A part of a form may have one. */
  readonly fileName?: string | undefined;
}

/** A body that is complete. */
export interface WrittenContent {
  /** The answer's Content-Type. */
  readonly mediaType: string;
  /** All of it; text is sent as UTF-8. */
  readonly body: string | Uint8Array;
  /** More headers of the answer. Default none. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A body that comes in parts, written as fast as the client reads. */
export interface StreamedContent {
  /** The answer's Content-Type. */
  readonly mediaType: string;
  /** Sent one after the other; text as UTF-8. */
  readonly parts: AsyncIterable<string | Uint8Array>;
  /** The last part of a stream that an error broke off, in the stream's own form. */
  partOfError(message: string): string | Uint8Array;
}

/** What the client would like to have. */
export interface WantedContent {
  /** The header Accept as sent. */
  readonly accept: string | undefined;
}

/** One media type of a body, as OpenAPI describes it. */
export interface DescribedContent {
  /** JSON Schema of the value. */
  readonly schema: JsonSchema;
  /** A value as the schema wants it. */
  readonly example?: unknown;
  /** How the fields of a form are encoded. */
  readonly encoding?: Readonly<Record<string, { readonly contentType: string }>>;
}

/** Media types to descriptions, the usual one first. */
export type DescribedBody = Readonly<Record<string, DescribedContent>>;

/** How the argument of an API is read. Adapters may bring their own. */
export interface InputDescriptor<In> {
  /** Stands in the API's summary, such as "NdArray". */
  readonly kind: string;
  /** What it reads, such as "application/json" or "image/*"; others are refused with 415. */
  readonly mediaTypes: readonly string[];
  /** False: a body that does not say what it is is refused with 415. Default true. */
  readonly takesUntyped?: boolean;
  /** For OpenAPI. */
  readonly requestBody: DescribedBody;
  /**
   * The value in a body.
   *
   * @throws InvalidArgumentError (400) that says what was expected.
   */
  read(content: ReceivedContent): In | Promise<In>;
}

/** How the result of an API is written. Adapters may bring their own. */
export interface OutputDescriptor<Out> {
  /** Stands in the API's summary, such as "NdArray". */
  readonly kind: string;
  /** For OpenAPI. */
  readonly responseBody: DescribedBody;
  /** Whatever it throws is the API's fault: the client gets a 500 that does not say what. */
  write(value: Out, wanted: WantedContent): WrittenContent | StreamedContent | Promise<WrittenContent | StreamedContent>;
}

/** Reads and writes. */
export interface IoDescriptor<In, Out = In> extends InputDescriptor<In>, OutputDescriptor<Out> {}

/** A descriptor whose answers are always complete, so that they can be parts of others. */
export interface PartDescriptor<Out> extends OutputDescriptor<Out> {
  write(value: Out, wanted: WantedContent): WrittenContent | Promise<WrittenContent>;
}
