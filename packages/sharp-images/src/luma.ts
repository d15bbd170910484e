import type { RawPixels } from "./raw-pixels.js";

/**
 * Grey of RGB by the weights of ITU-R BT.601, 0.299, 0.587 and 0.114, in 16-bit fixed point and rounded, as Pillow's
 * `convert("L")` has it, so that grey stays what it was. Alpha stays. (sharp's own grey is by linear light, which models have
 * not seen.) In place: grey takes the first part of the memory.
 */
export function toLuma(pixels: RawPixels): RawPixels {
  const { data, channels } = pixels;
  if (channels < 3) return pixels;
  const kept = channels - 2;
  const count = data.length / channels;
  for (let pixel = 0; pixel < count; pixel++) {
    const from = pixel * channels;
    // A product of 16 bits by 16 fits a double, not a 32-bit shift.
    data[pixel * kept] = Math.floor((data[from]! * 19_595 + data[from + 1]! * 38_470 + data[from + 2]! * 7_471 + 32_768) / 65_536);
    if (kept === 2) data[pixel * 2 + 1] = data[from + 3]!;
  }
  return { ...pixels, data: data.slice(0, count * kept), channels: kept };
}
