import type { ModelStore, RunnerOptions, Tag } from "bentoml-core";

/** A call and its answer. */
export interface SampleCall {
  /** Makes the arguments anew each time: the checks write over them. */
  readonly args: () => readonly unknown[];
  /** The same call by input names. */
  readonly keywords?: () => Readonly<Record<string, unknown>>;
  /**
   * What it resolves to: an NdArray (dtype and shape count), nested lists (for an NdArray of any dtype), a record by output
   * name, or any plain value.
   */
  readonly expected: unknown;
  /** Largest difference of a number, relative for numbers above 1. Default 0: exact. */
  readonly tolerance?: number;
}

/** A call of a stream method and its items. */
export interface SampleStream {
  /** Name of the stream method. */
  readonly method: string;
  /** Makes the arguments anew for each call. */
  readonly args: () => readonly unknown[];
  /** At least two items, each as `expected` of a call. */
  readonly expected: readonly unknown[];
  /** Default 0. */
  readonly tolerance?: number;
}

/** A call that must be refused before it reaches a worker. */
export interface InvalidCall {
  /** What is wrong with it. */
  readonly wrong: "dtype" | "shape" | "missing input" | "extra input";
  /** Makes the arguments anew for each call. */
  readonly args: () => readonly unknown[];
  /** What the error's message must hold, such as the name of the input. */
  readonly names: string;
}

/** A small model that the checks save and run. */
export interface SampleModel<Native = unknown, SaveOptions extends object = object, ExtraOptions extends object = object> {
  /** For messages, such as "two inputs". */
  readonly name: string;
  /** What `saveModel` takes. Needed unless the adapter saves nothing. */
  readonly native?: () => Native | Promise<Native>;
  /** For adapters without `saveModel`: puts the model into the store under this name. */
  readonly put?: (store: ModelStore, name: string) => Promise<Tag | string>;
  /** For `saveModel`. Default none. */
  readonly saveOptions?: SaveOptions;
  /** For `toRunner`. Default none. */
  readonly runnerOptions?: ExtraOptions & RunnerOptions;
  /** Default: the runner's default method. */
  readonly method?: string;
  /** At least one. For a model that batches: calls of different sizes, all small. */
  readonly calls: readonly SampleCall[];
  /** Calls of its stream methods. Default none. */
  readonly streams?: readonly SampleStream[];
  /** Calls that must be refused. Default none. */
  readonly invalidCalls?: readonly InvalidCall[];
  /** Well-formed calls that the model itself fails on. */
  readonly failingCalls?: readonly { readonly args: () => readonly unknown[] }[];
  /** Checks what `loadModel` gives; throws when it is not right. */
  readonly checkLoaded?: (loaded: unknown) => void | Promise<void>;
}

/** Values of one kind for a container. */
export interface ContainerSample {
  /** The container's name. */
  readonly name: string;
  /** Makes at least two values that can be joined; they need not be of one size. */
  readonly batches: () => readonly unknown[];
  /** Dim along which they are joined and split. Default 0. */
  readonly batchDim?: number;
  /** Largest difference of a number after a round trip. Default 0. */
  readonly tolerance?: number;
  /** Makes of a value what can be compared: lists, records, NdArrays. Default: the value itself. */
  readonly comparable?: (value: unknown) => unknown;
  /** The container refuses to join and split, as images do. Default false. */
  readonly joinsNothing?: boolean;
}

/** Options of `toRunner` that cannot be met. */
export interface InvalidOptions {
  /** What is given to `toRunner`. */
  readonly options: object;
  /** What the error's message must hold: the option's name. */
  readonly names: string;
}
