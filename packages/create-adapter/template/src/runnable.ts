import { NdArray, Runnable } from "bentoml-core";
import { scores, type ScoreModel } from "./engine.js";
import { readModel } from "./model-file.js";

/** Runs a model, in a worker thread or process of its own: nothing here blocks the program that calls. */
export class __Framework__Runnable extends Runnable {
  static override readonly methods = { run: { batchable: true } } as const;
  readonly #path: string;
  #model: ScoreModel | undefined;

  constructor({ path }: { readonly path: string }) {
    super();
    this.#path = path;
  }

  /** Loads the model, once for each worker. */
  override setup(): void {
    this.#model = readModel(this.#path);
  }

  /** @param rows float32 ["batch", columns]: the rows of several callers, joined. Answers float32 ["batch"]. */
  run(rows: NdArray<"float32">): NdArray<"float32"> {
    const [count = 0] = rows.shape;
    return new NdArray("float32", [count], scores(this.#model as ScoreModel, rows.data, count));
  }
}
