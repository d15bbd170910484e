import { InvalidModelError, NotFoundError } from "../errors/index.js";
import { registerContainer, type ContainerType, type DataContainer, type Params } from "../containers/index.js";
import { ModelStore, type ModelDraft, type ModelSignature, type SavedFacts, type StoredModel } from "../models/index.js";
import type { Tag } from "../tag/index.js";
import { Runner, checkOptionNames, ownRunnerOptions, runnerOptionNames, type AnyRunner, type RunnableReference, type RunnerOptions } from "../runner/index.js";
import { ConfiguredOptions } from "./configured-options.js";
import { checkContract } from "./contract-version.js";
import { checkLayout } from "./model-layout.js";

/** Options that every adapter's `saveModel` takes. */
export interface CommonSaveOptions {
  /** For those who choose among models, such as `{ stage: "test" }`. Text; numbers and booleans become text, with a warning. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Facts to keep: text, numbers, bigints, booleans, Dates, bytes, NdArrays, and arrays and plain objects of them; no null. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Default: the store under `$BENTOML_HOME`. */
  readonly store?: ModelStore;
}

/** What an adapter tells to `defineAdapter`. */
export interface AdapterDefinition<Native, RunnerExtras extends object, SaveExtras extends object> {
  /** The npm package. Its package.json declares `"bentoml": { "adapter": "v1", "pythonModules": […] }`. */
  readonly name: string;
  /** `module` of the `model.yaml` files that it writes. */
  readonly module: string;
  /** Modules of the Python original whose models it opens. */
  readonly pythonModules: readonly string[];
  /** Version of the contract between core and adapters that it is written for. */
  readonly apiVersion: "v1";
  /**
   * File layouts that it opens, oldest first: `apiVersion` of what `save` gives, `api_version` in model.yaml. A model of any other is
   * refused with the advice to update this package, or the model. Default: all are opened.
   */
  readonly layouts?: readonly string[];
  /**
   * `import.meta.url` of a module that exports the adapter's `register`. Workers import it when they meet the first value of
   * the adapter's containers; without it such values reach no worker that does not import the adapter itself.
   */
  readonly moduleUrl?: string;
  /** Containers for the framework's values; registered before the first model is opened or saved. */
  readonly containers?: readonly { readonly singleType: ContainerType; readonly batchType: ContainerType; readonly container: AnyContainer }[];
  /** Caller's thread, pure, no native library: coerces and checks the arguments of a call of a runner with these options. */
  readonly prepare?: (params: Params, signature: ModelSignature, methodName: string, model: StoredModel, options: RunnerExtras) => Params;
  /**
   * Names of the adapter's own options for runners, all that `RunnerExtras` has. Any other name that is no option of every runner
   * is refused, so that a misspelt one is not ignored. Default: none.
   */
  readonly runnerOptions?: readonly (keyof RunnerExtras & string)[];
  /**
   * Names of the adapter's own options for `saveModel`, all that `SaveExtras` has: any other is then refused. Default: names are not
   * checked.
   */
  readonly saveOptions?: readonly (keyof SaveExtras & string)[];
  /** How workers make the Runnable of this model. Throws for options that cannot be met. */
  readonly runnable: (model: StoredModel, options: RunnerExtras & RunnerOptions) => RunnableReference;
  /** Writes the model's files into the draft. Throwing leaves nothing in the store. */
  readonly save: (draft: ModelDraft, native: Native, options: SaveExtras & CommonSaveOptions) => Promise<SavedFacts>;
  /** The framework's own object. */
  readonly load: (model: StoredModel, options: RunnerExtras) => Promise<unknown>;
}

/** A container of whatever types: its types are checked where it is written, with `satisfies DataContainer<Single, Batch>`. */
type AnyContainer = Pick<DataContainer, "name">;

/** A stored model that knows how to run. */
export class AdapterModel<RunnerExtras extends object = object> {
  constructor(
    /** The model in its store. */
    readonly stored: StoredModel,
    private readonly definition: AdapterDefinition<never, RunnerExtras, never>,
    /** Options given by `withOptions`. */
    readonly options: RunnerExtras & RunnerOptions,
  ) {}

  /** The model's tag, always with a version. */
  get tag(): Tag {
    return this.stored.tag;
  }

  /** The folder with the model's files. */
  get path(): string {
    return this.stored.path;
  }

  /** What its `model.yaml` says. */
  get info(): StoredModel["info"] {
    return this.stored.info;
  }

  /**
   * The same model with options for its runners; those given to `toRunner` win.
   *
   * @throws InvalidArgumentError for an option that neither runners nor the adapter have.
   */
  withOptions(options: RunnerExtras & RunnerOptions): AdapterModel<RunnerExtras> {
    this.#checkNames(options);
    return new AdapterModel(this.stored, this.definition, { ...this.options, ...options });
  }

  /** How workers make the Runnable of this model. Throws for options that cannot be met. */
  toRunnable(options: RunnerExtras & RunnerOptions = {} as RunnerExtras): RunnableReference {
    this.#checkNames(options);
    return this.definition.runnable(this.stored, { ...this.options, ...options });
  }

  /**
   * A runner of this model, ready to be called: workers start with the first call. Its name is that of the model. Options of the adapter
   * that are not given come from `runners.<name>.options` of the configuration.
   */
  toRunner(options: RunnerExtras & RunnerOptions = {} as RunnerExtras): AnyRunner {
    const { stored } = this;
    const { prepare } = this.definition;
    const [runnable, merged] = this.withConfigured(options, (all) => [this.definition.runnable(stored, all), all]);
    return new Runner(runnable, {
      name: stored.tag.name,
      models: [stored],
      ...(prepare === undefined
        ? {}
        : { prepare: (params, methodName) => prepare(params, stored.info.signatures[methodName] as ModelSignature, methodName, stored, merged) }),
      ...ownRunnerOptions(merged),
    });
  }

  /**
   * For an adapter that has a class of runners of its own: makes something of the options that the program gives and, where it gives none,
   * of those that `runners.<name>.options` of the configuration has.
   *
   * @throws InvalidArgumentError for an option that neither runners nor the adapter have, and what `make` throws, with the place of the
   * configuration.
   */
  protected withConfigured<Result>(options: RunnerExtras & RunnerOptions, make: (all: RunnerExtras & RunnerOptions) => Result): Result {
    this.#checkNames(options);
    const { name: packageName, runnerOptions = [] } = this.definition;
    const given = { ...this.options, ...options };
    const configured = new ConfiguredOptions<RunnerExtras>(packageName, given.name ?? this.stored.tag.name, given, runnerOptions);
    return configured.use(() => make({ ...configured.values, ...given }));
  }

  #checkNames(options: RunnerExtras & RunnerOptions): void {
    const { name, runnerOptions = [] } = this.definition;
    checkOptionNames(options, [...runnerOptionNames, ...runnerOptions], `A runner of ${name}`);
  }
}

/** What an adapter package exports. Its functions need no `this`: `export const { get, saveModel, loadModel } = defineAdapter(…)`. */
export interface Adapter<Native, RunnerExtras extends object, SaveExtras extends object> {
  /** The npm package. */
  readonly name: string;
  /** Version of the contract between core and adapters that it is written for. */
  readonly apiVersion: "v1";
  /** Registers the containers; idempotent, done by the functions below. */
  readonly register: () => void;
  /** The model of this tag, without loading it. Cheap and synchronous. */
  readonly get: (tag: Tag | string, options?: { readonly store?: ModelStore }) => AdapterModel<RunnerExtras>;
  /** Saves a model under a name, or a whole tag, and gives it back. Throwing leaves nothing in the store. */
  readonly saveModel: (name: Tag | string, native: Native, options?: SaveExtras & CommonSaveOptions) => Promise<AdapterModel<RunnerExtras>>;
  /** The framework's own object of a stored model. */
  readonly loadModel: (tag: Tag | string | AdapterModel<RunnerExtras>, options?: RunnerExtras & { readonly store?: ModelStore }) => Promise<unknown>;
}

/**
 * Makes the public functions of an adapter from what is its own.
 *
 * @throws StateError of the code ADAPTER_VERSION for a contract that this core does not speak; it says which package to update.
 */
export function defineAdapter<Native, RunnerExtras extends object = object, SaveExtras extends object = object>(
  definition: AdapterDefinition<Native, RunnerExtras, SaveExtras>,
): Adapter<Native, RunnerExtras, SaveExtras> {
  checkContract(definition.apiVersion, definition.name);
  const wrap = (stored: StoredModel): AdapterModel<RunnerExtras> =>
    new AdapterModel(stored, definition, {} as RunnerExtras);
  const register = (): void => {
    for (const { singleType, batchType, container } of definition.containers ?? []) {
      registerContainer(singleType, batchType, container as DataContainer, { module: definition.moduleUrl });
    }
  };
  const get = (tag: Tag | string, { store = ModelStore.default() }: { readonly store?: ModelStore } = {}): AdapterModel<RunnerExtras> => {
    register();
    const stored = store.get(tag);
    checkModule(stored, definition);
    checkLayout(stored, definition);
    return wrap(stored);
  };
  return {
    name: definition.name,
    apiVersion: definition.apiVersion,
    register,
    get,
    async saveModel(name, native, options = {} as SaveExtras) {
      register();
      const { saveOptions } = definition;
      if (saveOptions !== undefined) checkOptionNames(options, ["labels", "metadata", "store", ...saveOptions], `saveModel of ${definition.name}`);
      const { store = ModelStore.default(), labels = {}, metadata = {} } = options as CommonSaveOptions;
      const stored = await store.create({ name, module: definition.module, adapter: definition.name, labels, metadata }, (draft) =>
        definition.save(draft, native, options),
      );
      return wrap(stored);
    },
    async loadModel(tag, options = {} as RunnerExtras) {
      checkOptionNames(options, ["store", ...(definition.runnerOptions ?? [])], `loadModel of ${definition.name}`);
      const model = isAdapterModel(tag) ? tag : get(tag, options);
      return definition.load(model.stored, { ...model.options, ...options });
    },
  };
}

/** Also one of another installed copy of this package. */
function isAdapterModel<Extras extends object>(value: Tag | string | AdapterModel<Extras>): value is AdapterModel<Extras> {
  return typeof value === "object" && "stored" in value;
}

function checkModule(stored: StoredModel, { name, module, pythonModules }: { name: string; module: string; pythonModules: readonly string[] }): void {
  const saved = stored.info.module;
  if (saved === "") throw new InvalidModelError(`Model ${stored.tag.toString()} has no "module" in its model.yaml, so no adapter can open it.`);
  if (saved === module || saved === name || pythonModules.includes(saved)) return;
  const other = stored.info.adapter ?? (saved.startsWith("bentoml.") ? saved.replace(".", "-") : saved);
  throw new NotFoundError(
    `Model ${stored.tag.toString()} was saved with module "${saved}", which ${name} does not open. Open it with the package "${other}".`,
    { code: "WRONG_MODULE" },
  );
}
