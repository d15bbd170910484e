import { Buffer } from "node:buffer";

/** The head of a request that is so plain that it can only be read in one way. */
export interface DirectHead {
  readonly url: string;
  /** Names and values by turns, as sent. */
  readonly rawHeaders: readonly string[];
  /** Of the body, in bytes. */
  readonly contentLength: number;
  /** Of the head, with the empty line that ends it. */
  readonly bytes: number;
}

/** What bounds a head. */
export interface DirectHeadLimits {
  readonly maxHeaders: number;
  readonly maxHeaderBytes: number;
}

const END_OF_HEAD = Buffer.from("\r\n\r\n");
/**
 * RFC 9112, 3 and 5, and RFC 9110, 5.1 and 5.5, without what the latter calls obs-text. No part can end where the next one could go on, so that there
 * is one way to match and nothing to try again.
 */
const PLAIN_HEAD = /^POST (\/[\x21-\x7e]*) HTTP\/1\.1\r\n(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\x20-\x7e\t]*\r\n)*$/;
const AROUND_URL = "POST  HTTP/1.1\r\n".length;
/** They change what follows the head, or who reads it; with `HTTP2-Settings`. */
const NOT_PLAIN: ReadonlySet<string> = new Set(["te", "expect", "upgrade", "trailer", "transfer-encoding"]);
/** Nobody sends more digits, and so many are a number that can be told exactly. */
const LENGTH = /^\d{1,15}$/;

/**
 * Reads the head of a POST that stands at the beginning of these bytes; undefined for one that is not whole or not plain, which Node's
 * parser has to read (and to refuse, where it is wrong). Plain is: one `Host`, one `Content-Length` of digits, a connection that stays,
 * lines as RFC 9112 has them without anything that it only tolerates. There is no other way to read such a head, and so no room for two
 * programs to disagree on where the next request begins.
 */
export function readDirectHead(bytes: Buffer, { maxHeaders, maxHeaderBytes }: DirectHeadLimits): DirectHead | undefined {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end === -1 || end + END_OF_HEAD.length > maxHeaderBytes) return undefined;
  const text = bytes.toString("latin1", 0, end + 2);
  const url = PLAIN_HEAD.exec(text)?.[1];
  if (url === undefined) return undefined;
  const rawHeaders = headersFrom(text, url.length + AROUND_URL);
  if (rawHeaders.length > maxHeaders * 2) return undefined;
  const contentLength = plainContentLength(rawHeaders);
  return contentLength === undefined ? undefined : { url, rawHeaders, contentLength, bytes: end + END_OF_HEAD.length };
}

/** Names and values of lines that are known to be well formed. */
function headersFrom(text: string, start: number): string[] {
  const rawHeaders: string[] = [];
  for (let at = start; at < text.length; ) {
    const colon = text.indexOf(":", at);
    const end = text.indexOf("\r", colon);
    rawHeaders.push(text.slice(at, colon), text.slice(colon + 1, end).trim());
    at = end + 2;
  }
  return rawHeaders;
}

/** The one length of a request with one host; undefined for any other. */
function plainContentLength(rawHeaders: readonly string[]): number | undefined {
  let hosts = 0;
  let contentLength: string | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    const value = rawHeaders[index + 1] as string;
    // Comparing lengths first spares lower-casing the names that are of no interest.
    switch (name.length) {
      case 4:
        if (name.toLowerCase() === "host") hosts++;
        break;
      case 10:
        if (name.toLowerCase() === "connection" && value.toLowerCase() !== "keep-alive") return undefined;
        break;
      case 14:
        if (name.toLowerCase() === "content-length") {
          if (contentLength !== undefined) return undefined;
          contentLength = value;
        } else if (name.toLowerCase() === "http2-settings") return undefined;
        break;
      case 2:
      case 6:
      case 7:
      case 17:
        if (NOT_PLAIN.has(name.toLowerCase())) return undefined;
    }
  }
  return hosts === 1 && contentLength !== undefined && LENGTH.test(contentLength) ? Number(contentLength) : undefined;
}
