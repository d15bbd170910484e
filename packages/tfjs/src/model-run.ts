import type { NamedTensorMap } from "@tensorflow/tfjs-core";
import { isBentoMLError, ModelRunError, type NamedTensors, type NdArray } from "bentoml-core";
import { onBackend, type Engine } from "./engine.js";
import type { OpenMethod } from "./open-model.js";
import { fromTensor, toTensor } from "./tensor.js";

/** One method of an open model, of arrays to arrays. It leaves no tensor behind. */
export class ModelRun {
  /** Set by the first run that the graph refuses because of its control flow. */
  #isAsync = false;

  constructor(
    private readonly engine: Engine,
    private readonly method: OpenMethod,
    /** For messages. */
    private readonly source: string,
  ) {}

  /**
   * One array for a model with one output, otherwise a record by output name.
   *
   * @throws ModelRunError with TensorFlow's own text.
   */
  async run(feeds: NamedTensors): Promise<NdArray | NamedTensors> {
    try {
      const arrays = await onBackend(this.engine, () => this.#results(feeds));
      const [only, ...others] = Object.values(arrays);
      return only !== undefined && others.length === 0 ? only : arrays;
    } catch (error) {
      throw isBentoMLError(error) ? error : this.#explain(error, feeds);
    }
  }

  #results(feeds: NamedTensors): NamedTensors | Promise<NamedTensors> {
    if (this.#isAsync) return this.#runAsync(feeds);
    try {
      return this.#runAtOnce(feeds);
    } catch (error) {
      if (this.method.executeAsync === undefined || !/executeAsync\(\)/.test(String(error))) throw error;
      this.#isAsync = true;
      return this.#runAsync(feeds);
    }
  }

  #runAtOnce(feeds: NamedTensors): NamedTensors {
    const { core } = this.engine;
    let results: NamedTensors = {};
    core.tidy(() => {
      results = this.#toArrays(this.method.execute(this.#toTensors(feeds)));
    });
    return results;
  }

  async #runAsync(feeds: NamedTensors): Promise<NamedTensors> {
    const { core } = this.engine;
    const inputs = this.#toTensors(feeds);
    let outputs: NamedTensorMap = {};
    try {
      outputs = (await this.method.executeAsync?.(inputs)) ?? {};
      return this.#toArrays(outputs);
    } finally {
      core.dispose(inputs);
      core.dispose(outputs);
    }
  }

  #toTensors(feeds: NamedTensors): NamedTensorMap {
    return Object.fromEntries(Object.entries(feeds).map(([name, array]) => [name, toTensor(this.engine.core, array)]));
  }

  #toArrays(tensors: NamedTensorMap): NamedTensors {
    return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, fromTensor(tensor)]));
  }

  #explain(error: unknown, feeds: NamedTensors): ModelRunError {
    const text = (error instanceof Error ? error.message : String(error)).trim();
    const shapes = Object.entries(feeds).map(([name, { dtype, shape }]) => `${name} ${dtype} [${shape.join(", ")}]`);
    const kernel = /Kernel '(\w+)' not registered for backend '(\w+)'/.exec(text);
    const cure = kernel === null ? "" : ` The backend "${kernel[2] ?? ""}" lacks this operation: choose another with toRunner({ backend }).`;
    return new ModelRunError(`${this.source} failed on ${shapes.join(", ")}: ${text}${cure}`, { cause: error });
  }
}
