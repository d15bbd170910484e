import { InvalidArgumentError } from "../errors/index.js";
import { failedStream, priorityWeight, type CallOptions, type MethodSpec } from "../handles/index.js";
import type { AbstractRunner } from "./abstract-runner.js";

/** What every method of a runner tells about itself. */
export interface MethodFields {
  readonly runner: AbstractRunner;
  readonly name: string;
  readonly config: {
    readonly batchable: boolean;
    readonly batchDim: readonly [number, number];
    readonly idempotent: boolean;
    readonly stream: boolean;
  };
  /** Most items in one batch. */
  readonly maxBatchSize: number;
  readonly maxLatencyMs: number;
  readonly doc: string | undefined;
}

/** The ways to call a method that answers once. Callable itself: `runner.predict(x)` is `runner.predict.run(x)`. */
export interface CallForms<Args extends readonly unknown[], Result> {
  /** Runs the method. */
  (...args: Args): Promise<Result>;
  /** Runs the method. */
  run(...args: Args): Promise<Result>;
  /**
   * Runs the method while this thread stands still: for scripts and synchronous interfaces, never in a server. With
   * `initLocal()` the Runnable's method must be synchronous; with worker threads any will do. An abort is not heard meanwhile,
   * so bound it with `timeoutMs`.
   *
   * @throws StateError where it cannot be done: code `NOT_SYNCHRONOUS`, or `WOULD_DEADLOCK` when all workers run streams.
   */
  runSync(...args: Args): Result;
}

/** The way to call a method that answers with many items. */
export interface StreamForms<Args extends readonly unknown[], Item> {
  /**
   * The items, as the Runnable makes them. The arguments are read now, the stream begins with the first `next()`. It occupies a
   * worker until its end: read it to the end, leave the loop, or call `return()`.
   */
  stream(...args: Args): AsyncGenerator<Item, void, undefined>;
}

/** One method of a runner. */
export interface RunnerMethod<Args extends readonly unknown[] = readonly unknown[], Result = unknown> extends MethodFields, CallForms<Args, Result> {
  /**
   * The same call with options: `runner.predict.with({ timeoutMs: 50 })(x)`.
   *
   * @throws InvalidArgumentError for a priority that there is not.
   */
  with(options: CallOptions): CallForms<Args, Result>;
}

/** One method of a runner whose Runnable declares it with `stream: true`. */
export interface RunnerStreamMethod<Args extends readonly unknown[] = readonly unknown[], Item = unknown> extends MethodFields, StreamForms<Args, Item> {
  /** The same stream with options: `runner.chat.with({ signal }).stream(prompt)`. */
  with(options: CallOptions): StreamForms<Args, Item>;
}

/** One method of a runner whose methods are known only at run time: the wrong one of its forms is an error then. */
export interface AnyRunnerMethod extends MethodFields, CallForms<readonly unknown[], unknown>, StreamForms<readonly unknown[], unknown> {
  /** The same method for calls with these options. */
  with(options: CallOptions): CallForms<readonly unknown[], unknown> & StreamForms<readonly unknown[], unknown>;
}

/** Where the calls of a method go. */
export interface MethodCalls {
  run(spec: MethodSpec, args: readonly unknown[], options: CallOptions): Promise<unknown>;
  runSync(spec: MethodSpec, args: readonly unknown[], options: CallOptions): unknown;
  stream(spec: MethodSpec, args: readonly unknown[], options: CallOptions): AsyncGenerator<unknown, void, undefined>;
}

type AnyForms = CallForms<readonly unknown[], unknown> & StreamForms<readonly unknown[], unknown>;

const NO_OPTIONS: CallOptions = {};

export function makeRunnerMethod(runner: AbstractRunner, spec: MethodSpec, doc: string | undefined, calls: MethodCalls): AnyRunnerMethod {
  const makeForms = spec.stream ? streamForms : callForms;
  const { name, batchable, batchDim, idempotent, stream, maxBatchSize, maxLatencyMs } = spec;
  const fields = {
    runner,
    name,
    config: { batchable, batchDim, idempotent, stream },
    maxBatchSize,
    maxLatencyMs,
    doc,
    with: (options: CallOptions) => {
      // Told where it was written, on every handle.
      priorityWeight(options.priority);
      return makeForms(runner, spec, calls, options);
    },
  };
  const method = makeForms(runner, spec, calls, NO_OPTIONS);
  // Defined, since a function's own "name" cannot be assigned.
  for (const [key, value] of Object.entries(fields)) Object.defineProperty(method, key, { value, enumerable: true });
  return method as AnyRunnerMethod;
}

/** Made for each `with`, so by plain assignment: it must cost a call next to nothing. */
function callForms(runner: AbstractRunner, spec: MethodSpec, calls: MethodCalls, options: CallOptions): AnyForms {
  const forms = (...args: readonly unknown[]): Promise<unknown> => calls.run(spec, args, options);
  forms.run = forms as CallForms<readonly unknown[], unknown>["run"];
  forms.runSync = (...args: readonly unknown[]) => calls.runSync(spec, args, options);
  forms.stream = () => failedStream(wrongForm(runner, spec, "is no stream, it answers once", "run"));
  return forms;
}

function streamForms(runner: AbstractRunner, spec: MethodSpec, calls: MethodCalls, options: CallOptions): AnyForms {
  const error = (): InvalidArgumentError => wrongForm(runner, spec, "is a stream", "stream");
  const forms = (): Promise<never> => Promise.reject(error());
  forms.run = forms as CallForms<readonly unknown[], unknown>["run"];
  forms.runSync = () => {
    throw error();
  };
  forms.stream = (...args: readonly unknown[]) => calls.stream(spec, args, options);
  return forms;
}

function wrongForm({ name: runner }: AbstractRunner, { name }: MethodSpec, what: string, form: string): InvalidArgumentError {
  return new InvalidArgumentError(`Method "${name}" of runner "${runner}" ${what}: call it as runner.methods.${name}.${form}(…).`);
}
