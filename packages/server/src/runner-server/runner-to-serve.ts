import type { CallOptions } from "bentoml-core";
import type { ServableRunner } from "../served-model.js";

/** The part of a runner's method that a runner server uses. */
export interface MethodToServe {
  readonly name: string;
  readonly maxBatchSize: number;
  readonly config: { readonly stream: boolean; readonly batchDim: readonly [number, number] };
  /** Gives a function to call, or an object with the function `stream`. */
  with(options: CallOptions): object;
}

/** The part of a runner that a runner server uses. A `Runner` of bentoml-core is one. */
export interface RunnerToServe extends Omit<ServableRunner, "methods"> {
  /** Every method by name. */
  readonly methods: Readonly<Record<string, MethodToServe>>;
  /** The default method, which `POST /` calls. */
  readonly run?: object | undefined;
}

type Call = (...args: readonly unknown[]) => Promise<unknown>;

/** A runner's methods, and which of them is the default one. */
export interface ServedMethods {
  readonly all: readonly MethodToServe[];
  /** What `POST /` calls. */
  readonly defaultMethod: MethodToServe | undefined;
}

export function methodsToServe(runner: RunnerToServe): ServedMethods {
  const all = Object.values(runner.methods);
  return { all, defaultMethod: all.find((method) => method === runner.run) };
}

export function callOf(method: MethodToServe, options: CallOptions): Call {
  return method.with(options) as Call;
}

export function streamOf(method: MethodToServe, options: CallOptions, args: readonly unknown[]): AsyncGenerator<unknown, void, undefined> {
  return (method.with(options) as { stream(...given: readonly unknown[]): AsyncGenerator<unknown, void, undefined> }).stream(...args);
}
