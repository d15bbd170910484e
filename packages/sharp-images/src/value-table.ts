import { allocate, numberToFloat16 } from "bentoml-core";
import type { CheckedRecipe } from "./image-recipe.js";

/** What each value of a channel becomes: one entry for each value that pixels can have, channel by channel. */
export interface ValueTable {
  readonly entries: Uint8Array | Uint16Array | Float32Array;
  /** Entries of one channel. */
  readonly length: number;
}

type Mapping = Pick<CheckedRecipe, "bitDepth" | "channels" | "colourSpace" | "dtype" | "invert" | "mean" | "scale" | "std">;

/**
 * `(value * scale - mean) / std` in double precision, rounded once to the dtype, for pixels of so many bits. Those of 8 bits in
 * a recipe of 16 count 257 times as much, so that white is white.
 */
export function valueTable(recipe: Mapping, pixelBits: 8 | 16): ValueTable {
  const { channels, dtype } = recipe;
  const length = 2 ** pixelBits;
  const entries = allocate(dtype, channels * length);
  for (let channel = 0; channel < channels; channel++) {
    for (let value = 0; value < length; value++) {
      const mapped = mappedValue(recipe, channel, recipe.bitDepth === pixelBits ? value : value * 257);
      entries[channel * length + value] = dtype === "float16" ? numberToFloat16(mapped) : mapped;
    }
  }
  return { entries, length };
}

/** Whether values stay as they are, so that pixels need not be gone through. */
export function keepsValues(recipe: Mapping, pixelBits: 8 | 16): boolean {
  return (recipe.dtype === "uint8" || recipe.dtype === "uint16") && !recipe.invert && recipe.bitDepth === pixelBits;
}

function mappedValue({ bitDepth, colourSpace, invert, mean, scale, std }: Mapping, channel: number, value: number): number {
  const isAlpha = channel === (colourSpace === "grey" ? 1 : 3);
  const light = invert && !isAlpha ? 2 ** bitDepth - 1 - value : value;
  return (light * scale - (mean[channel] as number)) / (std[channel] as number);
}
