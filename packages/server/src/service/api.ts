import type { InputDescriptor, OutputDescriptor } from "../io/index.js";
import type { ApiContext } from "./api-context.js";

/** What an API is, but its name and handler. */
export interface ApiOptions<In, Out> {
  /** How its argument is read. */
  readonly input: InputDescriptor<In>;
  /** How its result is written. */
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
  /** The name that it was added under. */
  readonly name: string;
  /** The path that it is called at, by POST. */
  readonly path: string;
  /** What it does, for OpenAPI. */
  readonly doc: string | undefined;
  /** Milliseconds until a call is given up; undefined: the server's `callTimeoutMs`. */
  readonly timeoutMs: number | undefined;
  /** How its argument is read. */
  readonly input: InputDescriptor<unknown>;
  /** How its result is written. */
  readonly output: OutputDescriptor<unknown>;
  /** What answers. */
  readonly handler: ApiHandler<unknown, unknown>;
}
