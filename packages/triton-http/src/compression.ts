import { promisify } from "node:util";
import { deflate, gunzip, gzip, inflate } from "node:zlib";
import { badReply } from "./server-errors.js";

/** How a body is compressed. "deflate" is the zlib form. */
export type Compression = "gzip" | "deflate";

const compressors = { gzip: promisify(gzip), deflate: promisify(deflate) };
const expanders = { gzip: promisify(gunzip), deflate: promisify(inflate) };

export function isCompression(value: unknown): value is Compression {
  return value === "gzip" || value === "deflate";
}

export function compressed(body: Uint8Array, compression: Compression): Promise<Uint8Array> {
  return compressors[compression](body);
}

/** The body that the content encoding was applied to. */
export async function expanded(body: Uint8Array, encoding: string): Promise<Uint8Array> {
  if (encoding === "identity") return body;
  if (!isCompression(encoding)) throw badReply(`its Content-Encoding is "${encoding}", which was not asked for`);
  try {
    return await expanders[encoding](body);
  } catch (error) {
    throw badReply(`its ${encoding} body is broken: ${(error as Error).message}`, error);
  }
}
