import type { Answer } from "./answer.js";
import { Connection } from "./connection.js";

/** Status under which a request is told whose client went before it was answered. */
export const CLIENT_GONE = 499;

/** Tells once, when an answer has been handed to the system or nobody is there any more to read it. */
export function onResponseEnd(response: Answer, tell: () => void): void {
  if (response.socket !== null) {
    response.once("close", tell);
    return;
  }
  // It is queued behind the answers to earlier requests of its connection: Node does not tell it when that closes first.
  const { signal } = Connection.of(response.req.socket);
  const end = (): void => {
    response.off("close", end);
    signal.removeEventListener("abort", end);
    tell();
  };
  response.once("close", end);
  signal.addEventListener("abort", end);
}
