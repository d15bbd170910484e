import { readFileSync } from "node:fs";

/** Pixels of one image: 8 rows of 8, row-major. */
export const pixelsPerImage = 64;

/** Digits in the order of their file. */
export interface DigitSet {
  /** [count, 64]: brightness 0 (paper) to 16 (ink), whole numbers, row-major. */
  readonly images: Float32Array;
  /** [count]: the digit 0 to 9 that each image shows. */
  readonly labels: Uint8Array;
  readonly count: number;
}

/** Reads a file of one digit a line: 64 pixels and the label, separated by commas. */
export function readDigits(path: string): DigitSet {
  return parseDigits(readFileSync(path, "utf8"));
}

export function parseDigits(text: string): DigitSet {
  const lines = text.split("\n").filter((line) => line !== "");
  const images = new Float32Array(lines.length * pixelsPerImage);
  const labels = new Uint8Array(lines.length);
  for (const [index, line] of lines.entries()) {
    const numbers = parseLine(line, index + 1);
    images.set(numbers.slice(0, pixelsPerImage), index * pixelsPerImage);
    labels[index] = numbers[pixelsPerImage] ?? 0;
  }
  return { images, labels, count: lines.length };
}

function parseLine(line: string, lineNumber: number): number[] {
  const numbers = line.split(",").map(Number);
  const pixels = numbers.slice(0, pixelsPerImage);
  const isValid =
    numbers.length === pixelsPerImage + 1 &&
    pixels.every((pixel) => isWholeNumberUpTo(16, pixel)) &&
    isWholeNumberUpTo(9, numbers[pixelsPerImage]);
  if (!isValid) throw new Error(`Line ${lineNumber} is not 64 pixels (0..16) and a digit.`);
  return numbers;
}

function isWholeNumberUpTo(limit: number, value: number | undefined): boolean {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value <= limit;
}
