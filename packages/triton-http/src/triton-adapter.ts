import {
  AdapterModel,
  defineAdapter,
  type Adapter,
  type AdapterDefinition,
  type CommonSaveOptions,
  type ModelStore,
  type RunnableReference,
  type RunnerOptions,
  type StoredModel,
  type Tag,
} from "bentoml-core";
import type { TritonClientOptions } from "./client-options.js";
import { inferInputRegistration } from "./infer-input-container.js";
import { methodName, saveServerModel, serverModelOf, type TritonModelSource, type TritonSaveOptions } from "./stored-server-model.js";
import { TritonClient } from "./triton-client.js";
import { TritonRunner, tritonRunnable, type TritonModelRunner } from "./triton-runner.js";
import type { TritonHandleOptions } from "./triton-runner-handle.js";

/** Options that runners of stored models have beside those of every runner. */
export interface TritonRunnerOptions {
  /** The same model on another server. Default: the address that was saved. */
  readonly url?: string;
  /** How the server is called. */
  readonly client?: TritonClientOptions;
}

const definition: AdapterDefinition<TritonModelSource, TritonRunnerOptions, TritonSaveOptions> = {
  name: "bentoml-triton-http",
  module: "bentoml-triton-http",
  pythonModules: [],
  apiVersion: "v1",
  layouts: ["v1"],
  moduleUrl: new URL("./index.js", import.meta.url).href,
  containers: [inferInputRegistration],
  runnerOptions: ["url", "client"],
  saveOptions: ["client"],
  runnable: (model: StoredModel, options: TritonRunnerOptions): RunnableReference => tritonRunnable(serverOf(model, options)),
  save: saveServerModel,
  load: async (model, { url, client = {} }) => new TritonClient(url ?? serverModelOf(model).url, client),
};

const base = /* @__PURE__ */ defineAdapter(definition);

/** A model on a server that the store knows. */
export class TritonModel extends AdapterModel<TritonRunnerOptions> {
  constructor(stored: StoredModel, options: TritonRunnerOptions & RunnerOptions = {}) {
    super(stored, definition, options);
  }

  /**
   * A runner of this model, ready to be called: it connects with the first call. What is not given comes from `runners.<name>.options` of
   * the configuration.
   *
   * @throws InvalidArgumentError for options that cannot be met, InvalidModelError for an entry that cannot be read.
   */
  override toRunner(options: TritonRunnerOptions & RunnerOptions = {}): TritonModelRunner {
    return this.withConfigured(options, ({ url, client, ...own }) => {
      const server = serverOf(this.stored, { ...(url === undefined ? {} : { url }), ...(client === undefined ? {} : { client }) });
      return new TritonRunner(server, { name: this.tag.name, models: [this.stored], ...own }) as TritonModelRunner;
    });
  }

  override withOptions(options: TritonRunnerOptions & RunnerOptions): TritonModel {
    return new TritonModel(this.stored, super.withOptions(options).options);
  }
}

/** The model of this tag. Connects to nothing. */
export function openModel(tag: Tag | string, options?: { readonly store?: ModelStore }): TritonModel {
  return new TritonModel(base.get(tag, options).stored);
}

/** Saves where a model is, and what its server says of it. */
export async function storeModel(
  name: Tag | string,
  source: TritonModelSource,
  options?: TritonSaveOptions & CommonSaveOptions,
): Promise<TritonModel> {
  return new TritonModel((await base.saveModel(name, source, options)).stored);
}

/** What core and the command line need of this package. */
export const adapter: Adapter<TritonModelSource, TritonRunnerOptions, TritonSaveOptions> = { ...base, get: openModel, saveModel: storeModel };

function serverOf(model: StoredModel, { url, client }: TritonRunnerOptions): TritonHandleOptions {
  const { url: saved, ...address } = serverModelOf(model);
  return { url: url ?? saved, models: { [methodName]: address }, ...(client === undefined ? {} : { client }) };
}
