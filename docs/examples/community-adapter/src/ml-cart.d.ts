declare module "ml-cart" {
  export class DecisionTreeClassifier {
    constructor(options?: { maxDepth?: number; minNumSamples?: number });
    static load(model: unknown): DecisionTreeClassifier;
    train(rows: number[][], classes: number[]): void;
    predict(rows: number[][]): number[];
    toJSON(): unknown;
  }
}
