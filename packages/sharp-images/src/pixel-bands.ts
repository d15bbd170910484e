import type { RawPixels } from "./raw-pixels.js";

/** Neighbouring pixels of a frame. */
export interface PixelBand {
  readonly frame: number;
  /** Index of the first one in the frame: a multiple of 4, so that those of 8 bits begin with a whole word of memory. */
  readonly first: number;
  readonly end: number;
}

/** All pixels, frame by frame, in bands of so many, which is a multiple of 4. */
export function* bandsOf({ width, height, frames }: Pick<RawPixels, "width" | "height" | "frames">, pixelsEach: number): Generator<PixelBand> {
  const plane = width * height;
  for (let frame = 0; frame < frames; frame++) {
    for (let first = 0; first < plane; first += pixelsEach) yield { frame, first, end: Math.min(first + pixelsEach, plane) };
  }
}
