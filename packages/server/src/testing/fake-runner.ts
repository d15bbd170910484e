import { InvalidArgumentError, type CallOptions, type NamedTensors, type TensorSpec } from "bentoml-core";
import type { ServableMethod, ServableRunner, ServedModel } from "../served-model.js";

/** What a fake model does with a call. */
export type Respond = (inputs: NamedTensors, options: CallOptions) => unknown;

/** A call as the runner saw it. */
export interface SeenCall {
  readonly inputs: NamedTensors;
  readonly options: CallOptions;
}

/** A runner whose model is a function in this thread. For the tests of this package. */
export class FakeRunner implements ServableRunner {
  readonly name: string;
  readonly methods: Readonly<Record<string, ServableMethod>>;
  readonly calls: SeenCall[] = [];
  isReady = true;
  queuedItems = 0;
  queuedBytes = 0;
  restarts = 0;
  started = 0;
  destroyed = 0;

  constructor(name: string, respond: Respond) {
    this.name = name;
    const call = async (inputs: NamedTensors, options: CallOptions): Promise<unknown> => {
      this.calls.push({ inputs, options });
      return respond(inputs, options);
    };
    this.methods = { run: { maxBatchSize: 16, with: (options) => (inputs: NamedTensors) => call(inputs, options) } };
  }

  async init(): Promise<void> {
    this.started++;
  }

  async destroy(): Promise<void> {
    this.destroyed++;
  }

  async runnerHandleIsReady(): Promise<boolean> {
    return this.isReady;
  }

  stats(): ReturnType<ServableRunner["stats"]> {
    return { queuedItems: this.queuedItems, queuedBytes: this.queuedBytes, workers: { restarts: this.restarts } };
  }
}

/** A model that is served by a fake runner, checking its inputs as a real runner's `prepare` would. */
export function fakeModel(
  name: string,
  inputs: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
  respond: Respond,
): ServedModel & { readonly runner: FakeRunner } {
  const runner = new FakeRunner(name, (given, options) => {
    checkInputs(given, inputs);
    return respond(given, options);
  });
  return { name, version: "v1", runner, method: "run", inputs, outputs, platform: "onnx_onnxv1" };
}

function checkInputs(given: NamedTensors, specs: readonly TensorSpec[]): void {
  for (const spec of specs) {
    const array = given[spec.name];
    if (array === undefined) throw new InvalidArgumentError(`input "${spec.name}" is missing`);
    if (array.dtype !== spec.dtype) throw new InvalidArgumentError(`input "${spec.name}" must be ${spec.dtype}, it is ${array.dtype}`);
    const fits = array.rank === spec.shape.length && spec.shape.every((length, dim) => typeof length === "string" || length < 0 || length === array.shape[dim]);
    if (!fits) throw new InvalidArgumentError(`input "${spec.name}" must have shape [${spec.shape.join(", ")}], it has [${array.shape.join(", ")}]`);
  }
  for (const name of Object.keys(given)) {
    if (!specs.some((spec) => spec.name === name)) throw new InvalidArgumentError(`there is no input "${name}"`);
  }
}
