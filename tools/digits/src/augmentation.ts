import type { SeededRandom } from "@bentoml-tools/onnx-models";
import { imageSize } from "./network.js";

interface Shift {
  readonly down: number;
  readonly right: number;
}

/** One pixel is an eighth of the image: a diagonal step would cut off too much of a digit. */
const shifts: readonly Shift[] = [
  { down: 0, right: 0 },
  { down: 1, right: 0 },
  { down: -1, right: 0 },
  { down: 0, right: 1 },
  { down: 0, right: -1 },
];

/** The image [8, 8] as it is or moved by one pixel, each of the five equally likely. */
export function randomlyShifted(image: Float64Array, random: SeededRandom): Float64Array {
  return shifted(image, shifts[random.below(shifts.length)]!);
}

/** The image [8, 8] moved; pixels from outside are 0. */
export function shifted(image: Float64Array, { down, right }: Shift): Float64Array {
  const result = new Float64Array(image.length);
  for (let row = 0; row < imageSize; row++) {
    for (let column = 0; column < imageSize; column++) {
      const [fromRow, fromColumn] = [row - down, column - right];
      const isInside =
        fromRow >= 0 && fromRow < imageSize && fromColumn >= 0 && fromColumn < imageSize;
      if (isInside) result[row * imageSize + column] = image[fromRow * imageSize + fromColumn]!;
    }
  }
  return result;
}
