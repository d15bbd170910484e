import { ModelRunError, NdArray, Runnable, type NamedTensors } from "bentoml-core";
import { loadEngine, readModel, type LinearModel } from "./linear-model.js";

/** Runs a linear model; answers its only output, or a record of outputs. */
export class LinearRunnable extends Runnable {
  static override readonly methods = { run: { batchable: true }, rows: { stream: true } } as const;

  protected model!: LinearModel;
  protected engine!: typeof import("linear-engine");

  constructor(protected readonly params: { readonly path: string }) {
    super();
  }

  override async setup(): Promise<void> {
    this.engine = await loadEngine();
    this.model = readModel(this.params.path);
  }

  override teardown(): void {}

  run(feeds: NamedTensors): NdArray | NamedTensors {
    const outputs = Object.entries(this.model.outputs).map(([name, factors]) => [name, this.sum(feeds, factors)] as const);
    return outputs.length === 1 ? (outputs[0] as (typeof outputs)[0])[1] : Object.fromEntries(outputs);
  }

  /** The rows of the first output, one by one. */
  *rows(feeds: NamedTensors): Generator<NdArray> {
    const [factors] = Object.values(this.model.outputs) as [Readonly<Record<string, number>>];
    const whole = this.sum(feeds, factors);
    for (let row = 0; row < (whole.shape[0] as number); row++) yield whole.slice(0, row, row + 1);
  }

  protected sum(feeds: NamedTensors, factors: Readonly<Record<string, number>>): NdArray {
    const [{ shape }] = Object.values(feeds) as [NdArray];
    const data = new Float32Array(shape.reduce((product, dim) => product * dim, 1));
    for (const [name, factor] of Object.entries(factors)) {
      const values = (feeds[name] as NdArray<"float32">).data;
      if (values.some((value) => value < 0)) this.fail(name);
      this.engine.addScaled(data, values, factor);
    }
    return new NdArray("float32", shape, data);
  }

  protected fail(name: string): never {
    throw new ModelRunError(`The engine takes no values below 0, but input "${name}" has some.`);
  }
}
