import { Params, Runnable, StateError, type CallContext, type CallOptions } from "bentoml-core";
import { isRecord } from "./model-inputs.js";
import { ServerCalls } from "./server-calls.js";
import { ServerModel } from "./server-model.js";
import type { TritonHandleOptions } from "./triton-runner-handle.js";

/**
 * The models of a server as a Runnable, for `initLocal` and for runner servers, which run Runnables. Its methods are those of the runner
 * that names it.
 */
export class TritonRunnable extends Runnable {
  static override readonly module: string = import.meta.url;
  readonly #options: TritonHandleOptions;
  #calls: ServerCalls | undefined;
  #models: ReadonlyMap<string, ServerModel> = new Map();

  constructor(options: TritonHandleOptions) {
    super();
    this.#options = options;
    for (const [method, { isDecoupled = false }] of Object.entries(options.models)) {
      const value = (...args: readonly unknown[]): unknown => this.#call(method, isDecoupled, args);
      Object.defineProperty(this, method, { value });
    }
  }

  override setup(): { readonly url: string } {
    const { url, client = {}, models } = this.#options;
    const calls = new ServerCalls(url, client);
    this.#calls = calls;
    this.#models = new Map(Object.entries(models).map(([method, address]) => [method, new ServerModel(calls, address)]));
    return { url: calls.options.origin + calls.options.pathPrefix };
  }

  override async teardown(): Promise<void> {
    this.#models = new Map();
    await this.#calls?.close(true);
  }

  /** The last argument is the call's context. A worker that dies may have sent the request, so it is not sent again here. */
  #call(method: string, isDecoupled: boolean, args: readonly unknown[]): unknown {
    const model = this.#models.get(method);
    if (model === undefined) throw new StateError(`Model "${method}" is not open: its runner was not set up, or is torn down.`);
    const { signal, requestIds, traceContexts } = args.at(-1) as CallContext;
    const options: CallOptions = { signal, requestId: requestIds[0], traceContext: traceContexts[0] };
    const params = paramsOf(args.slice(0, -1));
    return isDecoupled ? model.stream(params, options) : model.run(params, options, false);
  }
}

/** Keywords come as a record behind the other arguments, where none of a model's inputs can be. */
function paramsOf(args: readonly unknown[]): Params {
  const last = args.at(-1);
  return args.length > 1 && isRecord(last) ? new Params(args.slice(0, -1), last) : Params.of(...args);
}
