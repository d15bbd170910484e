import type { SetupContext } from "./call-context.js";

/** How one method of a Runnable is called. */
export interface RunnableMethodConfig {
  /** Calls may be joined into one; the method then gets and returns whole batches. Default false. */
  readonly batchable?: boolean;
  /** Dim along which arguments are joined and results are cut; a pair is [arguments, result]. Default 0. */
  readonly batchDim?: number | readonly [number, number];
  /** Most items that one run can take, whatever the runner's own `maxBatchSize` says. Default: as many as the runner says. */
  readonly maxBatchSize?: number;
  /** The method is a generator, or returns another iterable, whose items go to the caller one by one. Not batchable. Default false. */
  readonly stream?: boolean;
  /**
   * Batches of this method that a worker may run at the same time, for a method that mostly waits for something else: another server, a
   * disk. They run beside those of other methods too. Default 1: nothing else runs meanwhile but methods with more.
   */
  readonly maxConcurrency?: number;
  /** Whether a call may be run again when its worker died with it; a stream, before its first item was read. Default true. */
  readonly idempotent?: boolean;
  /** What the method does, for those who call it. */
  readonly doc?: string;
}

/** How each method of a Runnable is called, by name. */
export type RunnableMethods = Readonly<Record<string, RunnableMethodConfig>>;

/**
 * A unit of computation: a class with a static table of the methods that runners may call. It is made and used in a worker;
 * its module is imported there again.
 *
 * The arrays that a method gets are valid until it returns, the next batch overwrites them; what it returns is given away, so
 * it must not be kept or returned twice. A stream method is the exception: its arguments and the items that it yields stay its own.
 */
export abstract class Runnable {
  /** `import.meta.url` of the module that exports the class under its name: where a worker finds it. */
  static readonly module: string | undefined = undefined;
  /** Resource kinds that it can use, best first. */
  static readonly supportedResources: readonly string[] = ["cpu"];
  /** True when one instance uses several cores by itself: then one worker is enough. */
  static readonly supportsCpuMultiThreading: boolean = false;
  /** By how much its workers give way to the thread that calls them, unless the runner's `workerNiceness` says otherwise. */
  static readonly workerNiceness: number = 0;
  /** The methods that runners may call. */
  static readonly methods: RunnableMethods = {};

  /** Loads the model; awaited before the runner is ready. What it returns (plain data) is `runner.facts`. */
  setup?(context: SetupContext): unknown;

  /** Lets go of the model. */
  teardown?(): unknown;
}

/** A class of Runnables. */
export interface RunnableClass<Instance extends Runnable = Runnable> {
  /** Made in each worker with the runner's `runnableInitParams`. */
  new (params: never): Instance;
  /** The class's name: what a runner is called unless told otherwise. */
  readonly name: string;
  /** `import.meta.url` of the module that exports it. */
  readonly module: string | undefined;
  /** Resource kinds that it can use, best first. */
  readonly supportedResources: readonly string[];
  /** True when one instance uses several cores by itself. */
  readonly supportsCpuMultiThreading: boolean;
  /** The runner's `workerNiceness`, unless it has one. */
  readonly workerNiceness?: number;
  /** The methods that runners may call. */
  readonly methods: RunnableMethods;
}

/** A Runnable by description, as adapters give it: the class is not loaded in the caller's thread. */
export interface RunnableReference {
  /** File URL of the module. */
  readonly module: string;
  /** Name under which the module exports the class. */
  readonly export: string;
  /** Constructor argument; plain data that can cross a thread. */
  readonly params: unknown;
  /** The methods that runners may call. */
  readonly methods: RunnableMethods;
  /** Resource kinds that it can use, best first. Default: the CPU. */
  readonly supportedResources?: readonly string[];
  /** True when one instance uses several cores by itself. Default false. */
  readonly supportsCpuMultiThreading?: boolean;
  /** The runner's `workerNiceness`, unless it has one. Default 0. */
  readonly workerNiceness?: number;
}

export function isRunnableReference(source: RunnableClass | RunnableReference): source is RunnableReference {
  return typeof source !== "function";
}
