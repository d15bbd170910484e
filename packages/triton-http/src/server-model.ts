import { dtypeOfDatatype, isBentoMLError, NdArray, type CallOptions, type NamedTensors, type Params } from "bentoml-core";
import { generateStream } from "./generate-call.js";
import { infer, type InferOptions, type ModelRequestOptions } from "./infer-call.js";
import { InferInput } from "./infer-input.js";
import { inputsOf, type ModelInput } from "./model-inputs.js";
import type { GenerateRecord, ModelConfiguration, ModelMetadata, TensorMetadata } from "./server-answers.js";
import { modelPath, type ServerCalls } from "./server-calls.js";
import { badReply } from "./server-errors.js";

/** A model, or one version of it, on a server. */
export interface ModelAddress {
  /** The model's name on the server. */
  readonly modelName: string;
  /** Default: the one that the server chooses, which is the latest. */
  readonly modelVersion?: string;
}

/** What a server says of a model, as far as calls need it. */
export interface KnownModel {
  readonly inputs: readonly ModelInput[];
  readonly outputs: readonly TensorMetadata[];
  /** Whether a request has any number of responses: such a model is a stream. */
  readonly isDecoupled: boolean;
  /** Whether tensors go as bytes. */
  readonly isBinary: boolean;
}

/** Statuses of what the protocol leaves out, or a gateway does not let through. */
const NOT_THERE: ReadonlySet<number> = /* @__PURE__ */ new Set([400, 404, 405, 501]);
/** Triton's most urgent priority; its default one is 0. */
const URGENT = 1;

/** Calls of one model, checked against its metadata, which are fetched with the first one. */
export class ServerModel {
  readonly #calls: ServerCalls;
  readonly #address: ModelAddress;
  #known: KnownModel | undefined;
  #fetching: Promise<KnownModel> | undefined;

  constructor(calls: ServerCalls, address: ModelAddress) {
    this.#calls = calls;
    this.#address = address;
  }

  /** Reads the model's metadata, once; again after a failure, and after the server refused a call that they allow. */
  describe(options: ModelRequestOptions = {}): Promise<KnownModel> {
    if (this.#known !== undefined) return Promise.resolve(this.#known);
    this.#fetching ??= fetchModel(this.#calls, this.#address, options)
      .then((known) => (this.#known = known))
      .finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  /** Runs it. The arguments' memory is read before this returns. */
  async run(params: Params, options: CallOptions, isIdempotent: boolean): Promise<NdArray | NamedTensors> {
    const own = this.#known === undefined ? params.map(owned) : params;
    const { inputs, outputs, isBinary } = this.#known ?? (await this.#waited(options));
    const given = inputsOf(own, inputs, this.#address.modelName);
    try {
      const result = await infer(this.#calls, this.#address.modelName, given, { ...this.#requestOptions(options), idempotent: isIdempotent, binary: isBinary });
      const arrays = result.asNdArrays();
      const [only] = outputs;
      if (outputs.length === 1 && only !== undefined) return arrayNamed(arrays, only.name);
      return Object.fromEntries(outputs.map(({ name }) => [name, arrayNamed(arrays, name)]));
    } catch (error) {
      this.#forgetIfRefused(error);
      throw error;
    }
  }

  /** The responses of a decoupled model: an array, or a record of arrays by output name. The arguments' memory is read before this returns. */
  stream(params: Params, options: CallOptions): AsyncGenerator<NdArray | NamedTensors, void, undefined> {
    return this.#stream(params.map(owned), options);
  }

  async *#stream(params: Params, options: CallOptions): AsyncGenerator<NdArray | NamedTensors, void, undefined> {
    const { inputs, outputs } = this.#known ?? (await this.#waited(options));
    const given = inputsOf(params, inputs, this.#address.modelName);
    const fields = given.map((input) => `${JSON.stringify(input.name)}:${input.jsonData()}`);
    if (options.requestId !== undefined) fields.push(`"id":${JSON.stringify(options.requestId)}`);
    const { modelName } = this.#address;
    for await (const response of generateStream(this.#calls, modelName, `{${fields.join(",")}}`, this.#requestOptions(options))) {
      yield itemOf(response, outputs);
    }
  }

  /** The caller's signal and time limit hold for the metadata that it waits for, but end no other's wait. */
  #waited({ signal, timeoutMs }: CallOptions): Promise<KnownModel> {
    signal?.throwIfAborted();
    const known = this.describe(timeoutMs === undefined ? {} : { timeoutMs });
    if (signal === undefined) return known;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      known.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
    });
  }

  #requestOptions({ signal, timeoutMs, requestId, priority, traceContext }: CallOptions): InferOptions {
    const headers: Record<string, string> = {};
    if (traceContext !== undefined) headers["traceparent"] = traceContext.traceparent;
    if (traceContext?.tracestate !== undefined) headers["tracestate"] = traceContext.tracestate;
    const { modelVersion } = this.#address;
    return {
      signal,
      timeoutMs,
      headers,
      ...(modelVersion === undefined ? {} : { modelVersion }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(priority === "high" ? { priority: URGENT } : {}),
    };
  }

  /** What passed our check and not the server's: the model may have been loaded anew with other inputs. */
  #forgetIfRefused(error: unknown): void {
    if (isBentoMLError(error) && (error.httpStatus === 400 || error.httpStatus === 404)) this.#known = undefined;
  }
}

async function fetchModel(calls: ServerCalls, { modelName, modelVersion }: ModelAddress, options: ModelRequestOptions): Promise<KnownModel> {
  const path = modelPath(modelName, modelVersion);
  const [{ inputs, outputs }, configuration, isBinary] = await Promise.all([
    calls.getJson<ModelMetadata>(path, options),
    calls.getJson<ModelConfiguration>(`${path}/config`, options).catch(undefinedIfUnknown),
    calls.mayUseBinary(options).catch(undefinedIfUnknown),
  ]);
  if (!Array.isArray(inputs) || !Array.isArray(outputs)) throw badReply(`the metadata of model "${modelName}" have no lists of inputs and outputs`);
  const optional = new Set(configuration?.input?.filter(({ optional: may }) => may === true).map(({ name }) => name));
  return {
    inputs: (inputs as TensorMetadata[]).map((input) => ({ ...input, shape: input.shape.map(Number), isOptional: optional.has(input.name) })),
    outputs: outputs as TensorMetadata[],
    isDecoupled: configuration?.model_transaction_policy?.decoupled === true,
    isBinary: isBinary ?? true,
  };
}

function undefinedIfUnknown(error: unknown): undefined {
  if (isBentoMLError(error) && NOT_THERE.has(error.httpStatus)) return undefined;
  throw error;
}

/** Memory that the caller cannot change while the metadata are on their way. */
function owned(value: unknown): unknown {
  if (NdArray.isNdArray(value) || InferInput.isInferInput(value)) return value.clone();
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return (value as Uint8Array).slice();
  if (Array.isArray(value)) return value.map(owned);
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, owned(entry)]));
  }
  return value;
}

function arrayNamed(arrays: NamedTensors, name: string): NdArray {
  const array = arrays[name];
  if (array === undefined) throw badReply(`it lacks the output "${name}"`);
  return array;
}

function itemOf(response: GenerateRecord, outputs: readonly TensorMetadata[]): NdArray | NamedTensors {
  const present = outputs.filter(({ name }) => response[name] !== undefined);
  const arrays = present.map(({ name, datatype }) => {
    const dtype = dtypeOfDatatype(datatype);
    if (dtype === undefined) throw badReply(`output "${name}" has the unknown datatype ${datatype}`);
    const value = response[name];
    return [name, NdArray.from(Array.isArray(value) ? value : [value], dtype)] as const;
  });
  const [only] = arrays;
  return outputs.length === 1 && only !== undefined ? only[1] : Object.fromEntries(arrays);
}
