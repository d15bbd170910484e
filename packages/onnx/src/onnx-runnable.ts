import { Runnable, StateError, type NamedTensors, type NdArray, type SetupContext } from "bentoml-core";
import { OnnxSession, type SessionDescription, type SessionFacts } from "./onnx-session.js";

/**
 * An ONNX model in a worker. Loads the engine in `setup`, so that importing this module loads no native code.
 * `run` takes one record of arrays by input name (what `prepare` makes) and gives the only selected output, or a record
 * of arrays by output name.
 */
export class OnnxRunnable extends Runnable {
  static override readonly module: string = import.meta.url;
  static override readonly supportedResources: readonly string[] = ["nvidia.com/gpu", "cpu"];
  static override readonly supportsCpuMultiThreading: boolean = true;
  static override readonly methods: { readonly run: { readonly batchable: true } } = { run: { batchable: true } };

  readonly #description: SessionDescription;
  #session: OnnxSession | undefined;

  constructor(description: SessionDescription) {
    super();
    this.#description = description;
  }

  /** Opens the model; the facts reach the runner. */
  override async setup(context: SetupContext): Promise<SessionFacts> {
    this.#session = await OnnxSession.open(this.#description, context);
    return this.#session.facts;
  }

  override async teardown(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }

  /** @throws InvalidArgumentError, ModelRunError; StateError before `setup` and after `teardown`. */
  run(feeds: NamedTensors): Promise<NdArray | NamedTensors> {
    if (this.#session === undefined) {
      throw new StateError(`${this.#description.tag} is not open: its runner was not set up, or is torn down.`);
    }
    return this.#session.run(feeds);
  }
}
