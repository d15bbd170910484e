import { seededRandom, type SeededRandom } from "@bentoml-tools/onnx-models";
import { Adam } from "./adam.js";
import { randomlyShifted } from "./augmentation.js";
import { pixelsPerImage, type DigitSet } from "./digit-set.js";
import { Network } from "./network.js";
import { shuffle } from "./shuffle.js";

export interface TrainingOptions {
  readonly seed: number;
  /** Passes over the training digits. */
  readonly epochs: number;
  /** Images whose gradients make one step. */
  readonly batchSize: number;
  /** At the start; it falls to 0 along half a cosine wave. */
  readonly learningRate: number;
}

/** What the committed model was trained with. */
export const usualTraining: TrainingOptions = {
  seed: 7,
  epochs: 30,
  batchSize: 32,
  learningRate: 2e-3,
};

/** Called after each epoch, which counts from 1, with its mean loss in nats. */
export type EpochListener = (epoch: number, meanLoss: number) => void;

/** The same network, bit for bit, for the same digits and options. */
export function trainNetwork(
  digits: DigitSet,
  options: TrainingOptions = usualTraining,
  onEpoch: EpochListener = () => undefined,
): Network {
  const random = seededRandom(options.seed);
  const network = new Network(random);
  const adam = new Adam(network.parameters);
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    let loss = 0;
    for (const [index, batch] of randomBatches(digits.count, options.batchSize, random).entries()) {
      loss += learnBatch(network, digits, batch, random);
      const progress = (epoch - 1 + (index * options.batchSize) / digits.count) / options.epochs;
      adam.step(learningRateAt(progress, options), batch.length);
    }
    onEpoch(epoch, loss / digits.count);
  }
  return network;
}

function learningRateAt(progress: number, options: TrainingOptions): number {
  return (options.learningRate * (1 + Math.cos(Math.PI * progress))) / 2;
}

/** The sum of the batch's losses; the gradients stay in the network's parameters. */
function learnBatch(
  network: Network,
  digits: DigitSet,
  batch: readonly number[],
  random: SeededRandom,
): number {
  let loss = 0;
  for (const index of batch) {
    const pixels = digits.images.subarray(index * pixelsPerImage, (index + 1) * pixelsPerImage);
    const image = randomlyShifted(Float64Array.from(pixels), random);
    loss += network.learn(image, digits.labels[index]!);
  }
  return loss;
}

/** The numbers 0 .. count - 1 in a random order, cut in pieces; the last may be shorter. */
function randomBatches(count: number, batchSize: number, random: SeededRandom): number[][] {
  const order = Array.from({ length: count }, (_, index) => index);
  shuffle(order, random);
  const batches: number[][] = [];
  for (let start = 0; start < count; start += batchSize) {
    batches.push(order.slice(start, start + batchSize));
  }
  return batches;
}
