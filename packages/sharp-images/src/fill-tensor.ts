import type { PixelBand } from "./pixel-bands.js";
import type { RawPixels } from "./raw-pixels.js";
import type { ValueTable } from "./value-table.js";

/** Numbers of a tensor. */
export type TensorData = Uint8Array | Uint16Array | Float32Array;

/** Where the frames go, and in which order. */
export interface TensorPlace {
  readonly target: TensorData;
  /** Index of its first number. */
  readonly start: number;
  readonly layout: "NCHW" | "NHWC";
}

/**
 * Writes the values of a band of pixels, each by the table, in the tensor's order, in one pass. Rows of pixels have their channels together, as
 * NHWC has.
 */
export function fillBand({ data, width, height, channels }: RawPixels, { entries, length }: ValueTable, { target, start, layout }: TensorPlace, { frame, first, end }: PixelBand): void {
  const plane = width * height;
  const ofFrame = frame * plane * channels;
  const from = ofFrame + first * channels;
  if (layout === "NCHW" && channels === 3 && data instanceof Uint8Array && (data.byteOffset + from) % 4 === 0) {
    fillThreePlanes(data, from, entries, target, start + ofFrame + first, plane, end - first);
    return;
  }
  for (let channel = 0; channel < channels; channel++) {
    const [to, step] = layout === "NCHW" ? [start + ofFrame + channel * plane + first, 1] : [start + from + channel, channels];
    fillChannel(data, from + channel, channels, entries, channel * length, target, to, step, end - first);
  }
}

/**
 * The usual case: RGB of 8 bits into planes. Four pixels are three words of memory, and reading those in place of twelve bytes
 * takes half the time. Typed arrays have the byte order of the machine, which is little-endian wherever Node's releases run.
 */
function fillThreePlanes(data: Uint8Array, from: number, entries: TensorData, target: TensorData, red: number, plane: number, pixels: number): void {
  const green = red + plane;
  const blue = green + plane;
  const words = new Uint32Array(data.buffer, data.byteOffset + from, Math.floor(pixels / 4) * 3);
  let pixel = 0;
  for (let index = 0; index < words.length; index += 3, pixel += 4) {
    const first = words[index]!;
    const second = words[index + 1]!;
    const third = words[index + 2]!;
    target[red + pixel] = entries[first & 255]!;
    target[green + pixel] = entries[256 | ((first >>> 8) & 255)]!;
    target[blue + pixel] = entries[512 | ((first >>> 16) & 255)]!;
    target[red + pixel + 1] = entries[first >>> 24]!;
    target[green + pixel + 1] = entries[256 | (second & 255)]!;
    target[blue + pixel + 1] = entries[512 | ((second >>> 8) & 255)]!;
    target[red + pixel + 2] = entries[(second >>> 16) & 255]!;
    target[green + pixel + 2] = entries[256 | (second >>> 24)]!;
    target[blue + pixel + 2] = entries[512 | (third & 255)]!;
    target[red + pixel + 3] = entries[(third >>> 8) & 255]!;
    target[green + pixel + 3] = entries[256 | ((third >>> 16) & 255)]!;
    target[blue + pixel + 3] = entries[512 | (third >>> 24)]!;
  }
  for (let index = from + pixel * 3; pixel < pixels; pixel++, index += 3) {
    target[red + pixel] = entries[data[index]!]!;
    target[green + pixel] = entries[256 | data[index + 1]!]!;
    target[blue + pixel] = entries[512 | data[index + 2]!]!;
  }
}

function fillChannel(
  data: RawPixels["data"],
  from: number,
  stride: number,
  entries: TensorData,
  firstEntry: number,
  target: TensorData,
  to: number,
  step: number,
  pixels: number,
): void {
  for (let pixel = 0, index = from, place = to; pixel < pixels; pixel++, index += stride, place += step) {
    target[place] = entries[firstEntry + data[index]!]!;
  }
}
