import { Buffer } from "node:buffer";
import { Busboy, type BusboyFileStream, type BusboyInstance } from "@fastify/busboy";
import { InvalidArgumentError } from "bentoml-core";
import type { ReceivedContent } from "./descriptor.js";
import { isOneOf, mediaTypeOf } from "./media-type.js";

export const FORM_TYPE = "multipart/form-data";

/** One field of a form. */
export interface FormPart extends ReceivedContent {
  readonly name: string;
}

const limits = { parts: 1000, headerPairs: 20, headerSize: 8 * 1024 } as const;
/** What a part is that does not say it. */
const UNTOLD_TYPE = "text/plain";

/**
 * The fields of a form, in their order.
 *
 * @throws InvalidArgumentError for a body that is no form, and for more than 1,000 fields.
 */
export function formParts({ bytes, headers }: ReceivedContent): Promise<readonly FormPart[]> {
  return new Promise((resolve, reject) => {
    const parts: Promise<FormPart>[] = [];
    const parser = parserOf(String(headers["content-type"]));
    const fail = (cause: unknown): void => reject(new InvalidArgumentError(`the body is no complete form: ${(cause as Error).message}`, { cause }));
    parser.on("file", (name: string | undefined, stream, fileName: string | undefined, _encoding, mimeType) => {
      parts.push(partOf(name ?? "", stream, fileName, mimeType));
      parts.at(-1)?.catch(fail);
    });
    parser.on("partsLimit", () => reject(new InvalidArgumentError(`the form has more than ${limits.parts} fields`)));
    parser.on("error", fail);
    parser.on("finish", () => void Promise.all(parts).then(resolve, fail));
    parser.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });
}

/** The first field of a form that is of one of these types: for APIs that take one file. */
export async function firstPartOf(content: ReceivedContent, mediaTypes: readonly string[]): Promise<FormPart> {
  const found = (await formParts(content)).find(({ mediaType }) => (mediaType === undefined ? mediaTypes.includes("*/*") : isOneOf(mediaType.name, mediaTypes)));
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`the form has no field that is ${mediaTypes.join(", ")}: give it its type, as curl does with -F "file=@picture.png"`);
}

function parserOf(contentType: string): BusboyInstance {
  try {
    // Every field is taken as bytes: what they mean is for its descriptor to say.
    return new Busboy({ headers: { "content-type": contentType }, isPartAFile: () => true, limits });
  } catch (cause) {
    throw new InvalidArgumentError("the Content-Type has no boundary: send multipart/form-data; boundary=... as form libraries do", { cause });
  }
}

async function partOf(name: string, stream: BusboyFileStream, fileName: string | undefined, mimeType: string): Promise<FormPart> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  const isUntold = mimeType === UNTOLD_TYPE && fileName === undefined;
  return { name, bytes: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks), mediaType: isUntold ? undefined : mediaTypeOf(mimeType), headers: {}, fileName };
}
