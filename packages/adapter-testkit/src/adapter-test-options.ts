import type { Adapter } from "bentoml-core";
import type { LeftOut } from "./ability.js";
import type { ContainerSample, InvalidOptions, SampleModel } from "./sample-model.js";

/** `test` of vitest, node:test, jest and others alike. */
export interface TestFunction {
  /** Defines a test. */
  (name: string, run: () => Promise<void>): unknown;
  /** Used for what is left out, where there is one. */
  readonly skip?: (name: string, run: () => Promise<void>) => unknown;
}

/** What `testAdapter` needs to know: the adapter, small models, and what they answer. */
export interface AdapterTestOptions<Native, RunnerExtras extends object, SaveExtras extends object> {
  /** The test function of the runner that is used. */
  readonly test: TestFunction;
  /** Groups the tests under the package's name. */
  readonly describe?: (name: string, define: () => void) => unknown;
  /** The adapter as built: worker threads and child processes import its files by Node.js itself. */
  readonly adapter: () => Adapter<Native, RunnerExtras, SaveExtras> | Promise<Adapter<Native, RunnerExtras, SaveExtras>>;
  /** The folder of the adapter's package.json, as a path or `file:` URL. */
  readonly packageFolder: string | URL;
  /** At least one, and between them all that the adapter can do. */
  readonly models: readonly SampleModel<Native, SaveExtras, RunnerExtras>[];
  /** Makes what `saveModel` must refuse, such as a truncated file. */
  readonly unsavable?: () => Native | Promise<Native>;
  /** One for each container that the adapter registers. */
  readonly containers?: readonly ContainerSample[];
  /** Options that the adapter must refuse. Default none. */
  readonly invalidOptions?: readonly InvalidOptions[];
  /** Packages that users install beside the adapter, such as "onnxruntime-node". */
  readonly nativePackages?: readonly string[];
  /** What the adapter cannot do, with the reasons. */
  readonly leftOut?: LeftOut;
  /** How much external memory (`process.memoryUsage().external`, bytes) many calls may leave behind. Default 65,536. */
  readonly memoryBoundBytes?: number;
}

/** The same for any adapter. */
export type AnyAdapterTestOptions = AdapterTestOptions<unknown, object, object>;
