import type { Duplex } from "node:stream";
import { BentoMLError } from "bentoml-core";
import type { ErrorForm } from "./error-form.js";

interface ParseError extends NodeJS.ErrnoException {
  readonly reason?: string;
}

/**
 * Answers what is no HTTP request (or came too slowly, or with too many headers) on the bare socket, in the form of all
 * our errors, and closes the connection: what follows on it could not be understood.
 */
export function answerClientError(error: ParseError, socket: Duplex, form: ErrorForm): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const [status, reason, message] = explain(error);
  const body = form.body(new BentoMLError(message, { code: "BAD_REQUEST", httpStatus: status }));
  socket.write(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: ${form.contentType}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
  );
  socket.end(body, () => socket.destroy());
}

function explain(error: ParseError): readonly [status: number, reason: string, message: string] {
  switch (error.code) {
    case "HPE_HEADER_OVERFLOW":
      return [431, "Request Header Fields Too Large", "the headers of the request are too large"];
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return [413, "Payload Too Large", "the chunk extensions of the request are too large"];
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return [408, "Request Timeout", "the request did not arrive in time"];
    case "HPE_INVALID_EOF_STATE":
      return [400, "Bad Request", "the connection ended before the request was complete: is Content-Length right?"];
    default:
      return [400, "Bad Request", `this is not an HTTP request: ${error.reason ?? error.message}`];
  }
}
