import type { Variant } from "./recorded-checks.js";

/** A broken adapter, and what the kit must say of it. */
export interface Fault extends Omit<Variant, "module"> {
  /** A file of `broken/`. */
  readonly fault: string;
  /** The only law that it breaks. */
  readonly law: string;
  /** What the message must hold. */
  readonly says: string;
}

export const faults: readonly Fault[] = [
  { fault: "misnamed", law: "package.json declares the adapter, and the module of what it saves", says: "bentoml-linaer" },
  { fault: "forgets-python-module", law: "get opens the models of every module that package.json declares", says: "bentoml.linear" },
  { fault: "loses-labels", law: "a saved model is found again by its tag, with its labels and metadata", says: "labels" },
  { fault: "writes-after-save", law: "every file of a saved model is in its manifest, and verify() passes", says: "cache.bin" },
  { fault: "overwrites-taken-tag", law: "a taken tag is refused, and the first model stays", says: "taken:v1" },
  { fault: "half-written-save", law: "a save that fails leaves nothing in the store", says: "tmp/linear.json" },
  { fault: "saves-anything", law: "a save that fails leaves nothing in the store", says: "was accepted" },
  { fault: "loads-nothing", law: "a stored model loads as the framework's own object", says: "undefined" },
  { fault: "get-reads-weights", law: "get is synchronous and reads nothing but model.yaml", says: "linear.json" },
  { fault: "wrong-not-found", law: "an unknown tag is a ModelNotFoundError", says: "ModelNotFoundError" },
  { fault: "hides-wrong-module", law: "a model of another package is a NotFoundError that names that package", says: "bentoml-another-framework" },
  { fault: "opens-any-layout", law: "a model that a newer release saved is refused, and says that this package must be updated", says: '"layouts" of defineAdapter' },
  { fault: "ignores-embedded", law: "a model answers as expected embedded in its caller", says: "embedded" },
  { fault: "turns-outputs-round", law: "several outputs come back by name, each cut to its own rows", says: "difference, sum" },
  { fault: "keywords-by-place", law: "keywords reach the inputs that they name", says: "in the order b, a" },
  { fault: "drops-keywords", law: "keywords reach the inputs that they name", says: "Give at least one input" },
  { fault: "refuses-records", law: "a record of arrays by input name is a call too, as servers make it", says: "by a record of x" },
  { fault: "ignores-abort", law: "an aborted call rejects with the signal's reason", says: "signal's reason" },
  { fault: "too-few-rows", law: "calls that share a batch get the answers that they get alone", says: "one row for each row" },
  { fault: "permutes-rows", law: "calls that share a batch get the answers that they get alone", says: "in a batch with other calls" },
  { fault: "never-batches", law: "calls that share a batch get the answers that they get alone", says: "leftOut.batching" },
  { fault: "cuts-streams-short", law: "a stream gives its items in order, and goes on after a caller who leaves early", says: "gave 2 items" },
  { fault: "casts-silently", law: "a wrong dtype is refused before any worker, naming the input", says: "runner's handle" },
  { fault: "wrong-error-class", law: "a wrong dtype is refused before any worker, naming the input", says: "TypeError" },
  { fault: "checks-shapes-late", law: "a wrong shape is refused before any worker, naming the input", says: "runner's handle" },
  { fault: "fills-missing-inputs", law: "a missing input is refused before any worker, naming the input", says: "runner's handle" },
  { fault: "ignores-extra-inputs", law: "an extra input is refused before any worker", says: "runner's handle" },
  { fault: "sulks-after-refusal", law: "a refused call harms no neighbour", says: "beside wrong ones" },
  { fault: "throws-plain-errors", law: "a run that fails is a BentoMLError, and the runner goes on", says: "status 7" },
  { fault: "shares-buffers", law: "a result owns its memory", says: "share memory" },
  { fault: "gives-views", law: "a result owns its memory", says: "NdArray.owned()" },
  { fault: "reads-late", law: "overwriting the input after the call changes nothing", says: "before the first await" },
  { fault: "writes-into-arguments", law: "a call leaves its arguments as they were", says: "changed what it was given" },
  { fault: "options-of-with-options-win", law: "withOptions gives defaults, and toRunner's options win", says: "did not win" },
  { fault: "takes-any-digits", law: "toRunner refuses an option that cannot be met, naming it", says: '"digits":8' },
  { fault: "takes-unknown-options", law: "toRunner refuses an option that nobody knows, naming it", says: "noSuchOption" },
  { fault: "takes-a-taken-name", law: "containers are registered by name and type, again and again without harm", says: "TableContainer" },
  { fault: "splits-backwards", law: "a container's join and split are each other's inverse, at cumulative indices", says: "joined and split", container: { name: "SplitsBackwards", type: "BackwardsTable" } },
  { fault: "splits-short", law: "a container refuses to split at indices with a wrong total", says: "[0, 7]", container: { name: "SplitsShort", type: "ShortTable" } },
  { fault: "miscounts-payloads", law: "a container's payload gives the value back, from a thread and from the wire", says: "batchSize 1", container: { name: "MiscountsPayloads", type: "MiscountedTable" } },
  { fault: "loses-indices", law: "a container's batch payloads give the batch back, with its indices", says: "[2, 1, 3]", container: { name: "LosesIndices", type: "UncountedTable" } },
  { fault: "cuts-calls-off", law: "destroy() during a run lets it end, or refuses it in words", says: "gone" },
  { fault: "starts-only-once", law: "after destroy() calls are refused until the next init", says: "already shut down" },
  { fault: "loads-engine-at-import", law: "importing the package loads nothing native and starts nothing", says: "linear-engine" },
  { fault: "loads-engine-in-get", law: "get and toRunner load nothing native and start nothing", says: "linear-engine" },
  { fault: "registers-nowhere", law: "a worker finds each container by the module that registers it", says: 'export a function "register"', container: { name: "RegistersNowhere", type: "LostTable" } },
  { fault: "raw-missing-dependency", law: "without its native package, loading says what to install", says: "MissingDependencyError" },
  { fault: "leaves-a-timer", law: "destroy() leaves no timers, handles or process listeners", says: "Timeout" },
  { fault: "leaves-a-listener", law: "destroy() leaves no timers, handles or process listeners", says: "beforeExit" },
  { fault: "keeps-the-process", law: "a process ends by itself, after destroy() and without it", says: "after destroy()" },
  { fault: "keeps-results", law: "calls leave no external memory behind", says: "more of external memory" },
];
