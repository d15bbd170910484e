/** The headers of a request that this server acts on. `undefined`: not sent. */
export interface RequestHead {
  /** Bytes of the body; undefined for a chunked body or none. */
  contentLength: number | undefined;
  isChunked: boolean;
  /** As sent: it is the protocol's to say what is wrong with it. */
  inferenceHeaderLength: string | undefined;
  contentEncoding: string | undefined;
  acceptEncoding: string | undefined;
  requestId: string | undefined;
  authorization: string | undefined;
  /** Of `X-API-Key`. */
  apiKey: string | undefined;
  /** W3C Trace Context, as sent. */
  traceparent: string | undefined;
  tracestate: string | undefined;
}

/**
 * Reads the head from the raw list of names and values. Building `request.headers` costs several times as much, and
 * an infer request needs nothing else of it. A header that is sent twice keeps its first value; Node has refused a
 * second Content-Length by now.
 */
export function readRequestHead(rawHeaders: readonly string[]): RequestHead {
  const head: RequestHead = {
    contentLength: undefined,
    isChunked: false,
    inferenceHeaderLength: undefined,
    contentEncoding: undefined,
    acceptEncoding: undefined,
    requestId: undefined,
    authorization: undefined,
    apiKey: undefined,
    traceparent: undefined,
    tracestate: undefined,
  };
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    // Comparing lengths first spares lower-casing the names that are of no interest.
    switch (name.length) {
      case 9:
        if (name.toLowerCase() === "x-api-key") head.apiKey ??= rawHeaders[index + 1] as string;
        break;
      case 10:
        if (name.toLowerCase() === "tracestate") head.tracestate ??= rawHeaders[index + 1] as string;
        break;
      case 11:
        if (name.toLowerCase() === "traceparent") head.traceparent ??= rawHeaders[index + 1] as string;
        break;
      case 12:
        if (name.toLowerCase() === "x-request-id") head.requestId ??= usableRequestId(rawHeaders[index + 1] as string);
        break;
      case 13:
        if (name.toLowerCase() === "authorization") head.authorization ??= rawHeaders[index + 1] as string;
        break;
      case 14:
        if (name.toLowerCase() === "content-length") head.contentLength = Number(rawHeaders[index + 1]);
        break;
      case 15:
        if (name.toLowerCase() === "accept-encoding") head.acceptEncoding ??= rawHeaders[index + 1] as string;
        break;
      case 16:
        if (name.toLowerCase() === "content-encoding") head.contentEncoding ??= rawHeaders[index + 1] as string;
        break;
      case 17:
        if (name.toLowerCase() === "transfer-encoding") head.isChunked = true;
        break;
      case 31:
        if (name.toLowerCase() === "inference-header-content-length") {
          head.inferenceHeaderLength ??= rawHeaders[index + 1] as string;
        }
        break;
    }
  }
  return head;
}

/** Ids come back in a header and stand in logs: visible ASCII, not long; others are treated as not sent. */
export function usableRequestId(id: string): string | undefined {
  return /^[\x21-\x7e]{1,128}$/.test(id) ? id : undefined;
}

/** True when the client sends a body, of whatever length. */
export function hasBody(head: RequestHead): boolean {
  return head.isChunked || (head.contentLength !== undefined && head.contentLength > 0);
}
