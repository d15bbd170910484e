import type { Answer } from "./answer.js";
import type { RequestHead } from "./request-head.js";
import type { Endpoint } from "./request-pipeline.js";

/** Sees every request of a server, those that are refused too: logs and traces hang here. Works from `start` to `stop`. */
export interface RequestWatcher {
  start(): void;
  stop(): void;
  /**
   * A request has come, and is about to be let in or refused. Its head may be changed: what it says of id and trace is what the call gets.
   * Whoever wants to know the end listens to the response's `close`.
   */
  begun(endpoint: Endpoint, head: RequestHead, response: Answer, startedAt: number): void;
}
