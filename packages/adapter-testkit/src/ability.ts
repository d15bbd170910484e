/**
 * What an adapter may be unable to do. Each is checked unless `leftOut` gives the reason why not; the reason stands in the
 * name of the skipped test.
 */
export type Ability =
  /** `saveModel`. Without it the samples come into the store by `put`. */
  | "saves"
  /** `loadModel` gives the framework's own object. */
  | "loads"
  /** Calls can be joined into one run. */
  | "batching"
  /** A method may answer with many items, one by one. */
  | "streams"
  /** A model may have several outputs. */
  | "severalOutputs"
  /** Inputs can be given by name. */
  | "keywords"
  /** The model can run in the caller's thread. */
  | "local"
  /** The model can run in worker threads. */
  | "workers"
  /** A run may fail for what a row holds. */
  | "failingRuns"
  | "wrongDtype"
  | "wrongShape"
  | "missingInput"
  | "extraInput"
  /** `toRunner` has options of the adapter's own. */
  | "options"
  /** `toRunner` refuses an option that neither the adapter nor core has. */
  | "unknownOptions"
  /** The adapter registers containers. */
  | "containers"
  /** The adapter needs a package that its users install beside it. */
  | "nativePackages"
  /** Memory of a call can be measured: a sample is large enough. */
  | "memory";

/** Reasons by what they concern. */
export type LeftOut = Readonly<Partial<Record<Ability, string>>>;
