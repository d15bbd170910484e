import { readFileSync } from "node:fs";
import { NdArray, Runnable } from "bentoml-core";
import { DecisionTreeClassifier } from "ml-cart";

export class TreeRunnable extends Runnable {
  static override readonly methods = { predict: { batchable: true } } as const;
  readonly #tree: DecisionTreeClassifier;

  constructor({ path }: { readonly path: string }) {
    super();
    this.#tree = DecisionTreeClassifier.load(JSON.parse(readFileSync(path, "utf8")));
  }

  predict(rows: NdArray<"float32">): NdArray<"int32"> {
    const classes = rows.shape[0] === 0 ? [] : this.#tree.predict(rows.toNested() as number[][]);
    return new NdArray("int32", [classes.length], Int32Array.from(classes));
  }
}
