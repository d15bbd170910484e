import type { InputDescriptor, OutputDescriptor } from "../io/index.js";
import type { ApiContext } from "./api-context.js";

/** What an API is, but its name and handler. */
export interface ApiOptions<In, Out> {
  readonly input: InputDescriptor<In>;
  readonly output: OutputDescriptor<Out>;
  /** Its path, such as "/v1/classify". Default: its name. */
  readonly route?: string;
  /** What it does, for OpenAPI. */
  readonly doc?: string;
  /** Milliseconds until a call is given up with 504; of a stream, until its first item. Default: the server's `callTimeoutMs`. */
  readonly timeoutMs?: number;
}

/**
 * Answers a call. A BentoMLError that it throws is answered with its status and message; of any other error the client learns only
 * that it happened.
 */
export type ApiHandler<In, Out> = (value: In, context: ApiContext) => Out | PromiseLike<Out>;

/** An API of a service. */
export interface Api {
  readonly name: string;
  readonly path: string;
  readonly doc: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly input: InputDescriptor<unknown>;
  readonly output: OutputDescriptor<unknown>;
  readonly handler: ApiHandler<unknown, unknown>;
}
