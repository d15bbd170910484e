import type { DescribedBody, IoDescriptor, PartDescriptor, ReceivedContent, WrittenContent } from "./descriptor.js";
import { FORM_TYPE, firstPartOf } from "./form-parts.js";
import { receivedFile, type ReceivedFile } from "./received-file.js";

/** What `io.file` takes. */
export interface FileOptions {
  /** What is taken, such as "application/pdf" or "audio/*". Default: anything. */
  readonly mimeTypes?: readonly string[];
  /** What answers are sent as, and what bodies are that do not say it. Default "application/octet-stream". */
  readonly outputMimeType?: string;
}

/** A file to send; with a name browsers save it. */
export type FileToSend = Uint8Array | { readonly bytes: Uint8Array; readonly mimeType?: string; readonly fileName?: string };

const ANY_BYTES = "application/octet-stream";

/** A file's bytes: as the body, or as the first fitting field of a form. */
export class FileDescriptor implements IoDescriptor<ReceivedFile, FileToSend>, PartDescriptor<FileToSend> {
  readonly kind: string = "File";
  readonly mediaTypes: readonly string[];
  readonly takesUntyped: boolean;
  readonly requestBody: DescribedBody;
  readonly responseBody: DescribedBody;
  readonly #mimeTypes: readonly string[];
  readonly #outputMimeType: string;

  constructor({ mimeTypes = ["*/*"], outputMimeType = ANY_BYTES }: FileOptions) {
    this.#mimeTypes = mimeTypes;
    this.#outputMimeType = outputMimeType;
    this.takesUntyped = mimeTypes.includes("*/*");
    this.mediaTypes = [...mimeTypes, FORM_TYPE];
    this.requestBody = Object.fromEntries(mimeTypes.map((mimeType) => [mimeType === "*/*" ? ANY_BYTES : mimeType, { schema: {} }]));
    this.responseBody = { [outputMimeType]: { schema: {} } };
  }

  async read(content: ReceivedContent): Promise<ReceivedFile> {
    const isForm = content.mediaType?.name === FORM_TYPE;
    const { bytes, mediaType, fileName } = isForm ? await firstPartOf(content, this.#mimeTypes) : content;
    return receivedFile(bytes, mediaType?.name ?? ANY_BYTES, fileName);
  }

  write(value: FileToSend): WrittenContent {
    if (value instanceof Uint8Array) return { mediaType: this.#outputMimeType, body: value };
    const { bytes, mimeType = this.#outputMimeType, fileName } = value as Partial<Exclude<FileToSend, Uint8Array>>;
    if (!(bytes instanceof Uint8Array)) throw new TypeError("the answer must be a Uint8Array, or { bytes, mimeType, fileName }");
    return { mediaType: mimeType, body: bytes, headers: fileName === undefined ? {} : { "content-disposition": `attachment; filename*=UTF-8''${encodeName(fileName)}` } };
  }
}

/** RFC 8187. */
function encodeName(fileName: string): string {
  return encodeURIComponent(fileName).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
