import type { ServerResponse } from "node:http";

const AWAITED: unique symbol = Symbol("awaited continue");

type AskingRequest = object & { [AWAITED]?: ServerResponse };

/** Keeps in mind that a client sends its body only when it is told to (`Expect: 100-continue`). */
export function awaitsContinue(request: AskingRequest, response: ServerResponse): void {
  request[AWAITED] = response;
}

/**
 * Tells a client that waits for it to send its body: to be called when the body is about to be read, after all that the head alone can be
 * refused for. Where it is not called the client gets its answer at once, and Node closes the connection behind it.
 */
export function tellToContinue(request: AskingRequest): void {
  request[AWAITED]?.writeContinue();
}
