import { Buffer } from "node:buffer";
import { createGunzip, createInflate, deflate, gzip, type ZlibOptions } from "node:zlib";
import { isBentoMLError, type BentoMLError } from "bentoml-core";
import { invalidRequest } from "../protocol/invalid-request.js";
import { unsupportedEncoding } from "./server-errors.js";

/** The content codings of the protocol's clients. `deflate` is the zlib format, as HTTP defines it. */
export type ContentCoding = "gzip" | "deflate";

/** The coding of a request body, undefined for none. Throws 415 for one that this server does not read. */
export function requestCoding(contentEncoding: string): ContentCoding | undefined {
  const coding = contentEncoding.trim().toLowerCase();
  if (coding === "" || coding === "identity") return undefined;
  if (coding === "gzip" || coding === "x-gzip") return "gzip";
  if (coding === "deflate") return "deflate";
  throw unsupportedEncoding(contentEncoding);
}

/** The coding that a client likes best of those we have; the first named wins a tie, `*` alone asks for none. */
export function responseCoding(acceptEncoding: string): ContentCoding | undefined {
  let best: ContentCoding | undefined;
  let bestQuality = 0;
  for (const entry of acceptEncoding.split(",")) {
    const [name = "", ...parameters] = entry.split(";");
    const coding = name.trim().toLowerCase();
    const quality = qualityOf(parameters);
    const isOurs = coding === "gzip" || coding === "deflate";
    if ((isOurs || coding === "identity") && quality > bestQuality) {
      best = isOurs ? coding : undefined;
      bestQuality = quality;
    }
  }
  return best;
}

function qualityOf(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const match = /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(parameter);
    if (match) return Number(match[1]) || 0;
  }
  return 1;
}

/** Asked for room as decompressed bytes come: gives the error to stop with when there is none. */
export type TakeRoom = (bytes: number) => BentoMLError | undefined;

/**
 * Decompresses a request body on the thread pool. A few bytes can become any number of them, so each piece asks for room
 * first. Rejects with what `takeRoom` gave, or with 400 for bytes that are not of the coding.
 */
export function decompress(coding: ContentCoding, bytes: Buffer, takeRoom: TakeRoom): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stream = coding === "gzip" ? createGunzip() : createInflate();
    const pieces: Buffer[] = [];
    stream.on("data", (piece: Buffer) => {
      const refusal = takeRoom(piece.length);
      if (refusal === undefined) pieces.push(piece);
      else stream.destroy(refusal);
    });
    stream.on("end", () => resolve(Buffer.concat(pieces)));
    stream.on("error", (error) => {
      reject(isBentoMLError(error) ? error : invalidRequest(`the body is not valid ${coding}: ${error.message}`));
    });
    stream.end(bytes);
  });
}

/** The fastest level: tensors hardly compress better at higher ones, and the response waits. */
const FASTEST: ZlibOptions = { level: 1 };

/** Compresses a response body on the thread pool. */
export function compress(coding: ContentCoding, body: string | Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    (coding === "gzip" ? gzip : deflate)(body, FASTEST, (error, compressed) => {
      if (error === null) resolve(compressed);
      else reject(error);
    });
  });
}
