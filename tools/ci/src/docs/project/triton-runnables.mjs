/** What stands for the models of a Triton server: images to a number, texts to scores, and a text word by word. */
import { NdArray, Runnable } from "bentoml-core";

export class Resnet extends Runnable {
  /** @override */
  static module = import.meta.url;
  /** @override */
  static methods = { run: { batchable: true } };

  /** @param {{ input: NdArray<"float32"> }} inputs */
  run({ input }) {
    return { output: NdArray.zeros("float32", [input.shape[0] ?? 0, 1000]) };
  }
}

export class Tagger extends Runnable {
  /** @override */
  static module = import.meta.url;
  /** @override */
  static methods = { run: { batchable: false } };

  /** @param {{ text: NdArray<"string"> }} inputs */
  run({ text }) {
    const [texts = 0] = text.shape;
    return { scores: new NdArray("float32", [texts, 4], Float32Array.from({ length: texts * 4 }, (_, place) => place)) };
  }
}

export class Teller extends Runnable {
  /** @override */
  static module = import.meta.url;
  /** @override */
  static methods = { tell: { stream: true } };

  /** @param {{ text_input: NdArray<"string"> }} inputs */
  *tell({ text_input }) {
    for (const text of text_input.data) yield { text_output: NdArray.from([text]) };
  }
}
