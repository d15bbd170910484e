import { join } from "node:path";
import { Runnable, StateError, type NamedTensors, type NdArray, type SetupContext } from "bentoml-core";
import type { BackendName } from "./backend.js";
import { openEngine, type ChosenEngine } from "./engine.js";
import { ModelRun } from "./model-run.js";
import type { ModelLayout } from "./model-layout.js";
import { openModel, type OpenModel } from "./open-model.js";

/** What a worker needs to open a model; structured-cloneable. */
export interface ModelDescription {
  /** The model's folder. */
  readonly path: string;
  /** For messages. */
  readonly tag: string;
  readonly layout: ModelLayout;
  readonly methods: readonly string[];
  readonly backend?: BackendName;
}

/** How a model was opened; reaches the runner as its worker's facts. */
export interface ModelFacts {
  /** The backend that the model runs on. */
  readonly backend: BackendName;
  /** Of TensorFlow.js. */
  readonly engineVersion: string;
}

interface Opened {
  readonly model: OpenModel;
  readonly runs: Readonly<Record<string, ModelRun>>;
}

type Method = (feeds: NamedTensors) => Promise<NdArray | NamedTensors>;

/**
 * A TensorFlow.js model in a worker. Loads the library in `setup`, so that importing this module loads none of it. Each of its methods
 * takes one record of arrays by input name (what `prepare` makes) and gives the only output, or a record of arrays by output name.
 */
export class TfjsRunnable extends Runnable {
  static override readonly module: string = import.meta.url;
  static override readonly methods: { readonly run: { readonly batchable: true } } = { run: { batchable: true } };

  readonly #description: ModelDescription;
  #opened: Opened | undefined;

  constructor(description: ModelDescription) {
    super();
    this.#description = description;
    const others = description.methods.filter((name) => name !== "run");
    for (const name of others) Object.defineProperty(this, name, { value: ((feeds) => this.#call(name, feeds)) satisfies Method });
  }

  /** Opens the model; the facts reach the runner. */
  override async setup({ workerIndex }: Pick<SetupContext, "workerIndex">): Promise<ModelFacts> {
    const { path, tag, layout, backend } = this.#description;
    const chosen = await openEngine(backend);
    const { engine } = chosen;
    const model = await openModel(engine, { folder: { pathOf: (file) => join(path, file) }, layout, source: tag });
    const runs = Object.entries(model.methods).map(([name, method]) => [name, new ModelRun(engine, method, tag)]);
    this.#opened = { model, runs: Object.fromEntries(runs) as Opened["runs"] };
    if (workerIndex === 0) warnOfSlowBackend(chosen, tag);
    return { backend: engine.backend, engineVersion: engine.version };
  }

  override teardown(): void {
    this.#opened?.model.dispose();
    this.#opened = undefined;
  }

  /** @throws ModelRunError; StateError before `setup` and after `teardown`. */
  run(feeds: NamedTensors): Promise<NdArray | NamedTensors> {
    return this.#call("run", feeds);
  }

  #call(name: string, feeds: NamedTensors): Promise<NdArray | NamedTensors> {
    const run = this.#opened?.runs[name];
    if (run === undefined) throw new StateError(`${this.#description.tag} is not open: its runner was not set up, or is torn down.`);
    return run.run(feeds);
  }
}

/** The one line about the choice, where nobody made it: TensorFlow's native library is many times faster for large models. */
function warnOfSlowBackend({ engine, passedOver }: ChosenEngine, tag: string): void {
  const [reason] = passedOver;
  if (reason === undefined) return;
  process.emitWarning(`${tag} runs on the backend "${engine.backend}". ${reason} To choose without this line: toRunner({ backend: "${engine.backend}" }).`, {
    type: "BentoMLWarning",
    code: "BENTOML_TFJS_BACKEND",
  });
}
