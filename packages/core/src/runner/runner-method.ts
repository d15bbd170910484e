import type { CallOptions, MethodSpec } from "../handles/index.js";
import type { AbstractRunner } from "./abstract-runner.js";

/** One method of a runner. Callable itself: `runner.predict(x)` is `runner.predict.run(x)`. */
export interface RunnerMethod<Args extends readonly unknown[] = readonly unknown[], Result = unknown> {
  (...args: Args): Promise<Result>;
  readonly runner: AbstractRunner;
  readonly name: string;
  readonly config: { readonly batchable: boolean; readonly batchDim: readonly [number, number]; readonly idempotent: boolean };
  /** Most items in one batch. */
  readonly maxBatchSize: number;
  readonly maxLatencyMs: number;
  readonly doc: string | undefined;
  run(...args: Args): Promise<Result>;
  /** The same call with options: `runner.predict.with({ timeoutMs: 50 })(x)`. */
  with(options: CallOptions): (...args: Args) => Promise<Result>;
}

export type CallMethod = (spec: MethodSpec, args: readonly unknown[], options: CallOptions) => Promise<unknown>;

const NO_OPTIONS: CallOptions = {};

export function makeRunnerMethod(runner: AbstractRunner, spec: MethodSpec, doc: string | undefined, call: CallMethod): RunnerMethod {
  const run = (...args: readonly unknown[]): Promise<unknown> => call(spec, args, NO_OPTIONS);
  const fields = {
    runner,
    name: spec.name,
    config: { batchable: spec.batchable, batchDim: spec.batchDim, idempotent: spec.idempotent },
    maxBatchSize: spec.maxBatchSize,
    maxLatencyMs: spec.maxLatencyMs,
    doc,
    run,
    with:
      (options: CallOptions) =>
      (...args: readonly unknown[]): Promise<unknown> =>
        call(spec, args, options),
  };
  const method = (...args: readonly unknown[]): Promise<unknown> => call(spec, args, NO_OPTIONS);
  for (const [key, value] of Object.entries(fields)) Object.defineProperty(method, key, { value, enumerable: true });
  return method as unknown as RunnerMethod;
}
