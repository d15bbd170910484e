import type { TensorSummary } from "../src/page/page-data.js";
import { isFixed, isFloat } from "./tensor-value.js";

/** How the pixels of a picture lie in a tensor that holds one. */
export interface ImageLayout {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly order: "HW" | "CHW" | "HWC" | "flat";
  /** Of the tensor, for one picture. */
  readonly shape: readonly number[];
}

/** Where a dim is left open, most models were made for this. */
const USUAL_SIDE = 224;
const SMALLEST_SIDE = 8;
const LARGEST_SIDE = 2048;

/** The layout of an input that looks like pictures, undefined for others. `[N, 64]` may be something else: it is an offer. */
export function imageLayout({ shape, datatype }: TensorSummary): ImageLayout | undefined {
  if (datatype === "BYTES" || datatype === "BOOL") return undefined;
  const [first, ...rest] = shape;
  if (first === undefined) return undefined;
  const isBatch = !isFixed(first) || first === 1;
  const layout = isBatch ? layoutOf(rest) : undefined;
  if (layout !== undefined) return { ...layout, shape: [1, ...layout.shape] };
  return shape.length === 3 ? layoutOf(shape) : undefined;
}

function layoutOf(dims: readonly (number | string)[]): ImageLayout | undefined {
  const [one, two, three] = dims;
  if (dims.length === 1) return flatLayout(one);
  if (dims.length === 2) return withSides(two, one, 1, "HW");
  if (dims.length !== 3) return undefined;
  if (isChannels(one)) return withSides(three, two, one, "CHW");
  return isChannels(three) ? withSides(two, one, three, "HWC") : undefined;
}

/** Squares of grey pixels, as in the usual sets of digits. */
function flatLayout(length: number | string | undefined): ImageLayout | undefined {
  if (length !== 64 && length !== 784) return undefined;
  const side = Math.sqrt(length);
  return { width: side, height: side, channels: 1, order: "flat", shape: [length] };
}

function withSides(across: number | string | undefined, down: number | string | undefined, channels: 1 | 3 | 4, order: "HW" | "CHW" | "HWC"): ImageLayout | undefined {
  if (order === "HW" && !(isFixedSide(across) && across === down)) return undefined;
  const [width, height] = [sideOf(across), sideOf(down)];
  if (width === undefined || height === undefined) return undefined;
  const shape = order === "HW" ? [height, width] : order === "CHW" ? [channels, height, width] : [height, width, channels];
  return { width, height, channels, order, shape };
}

function isChannels(length: number | string | undefined): length is 1 | 3 | 4 {
  return length === 1 || length === 3 || length === 4;
}

function isFixedSide(length: number | string | undefined): length is number {
  return length !== undefined && isFixed(length);
}

function sideOf(length: number | string | undefined): number | undefined {
  if (!isFixedSide(length)) return USUAL_SIDE;
  return length >= SMALLEST_SIDE && length <= LARGEST_SIDE ? length : undefined;
}

/** What the values of a pixel become. */
export interface PixelScale {
  readonly label: string;
  /** From 0 to 255, for one channel. */
  readonly apply: (value: number, channel: number) => number;
}

const imageNetMean = [0.485, 0.456, 0.406] as const;
const imageNetDeviation = [0.229, 0.224, 0.225] as const;

export const pixelScales = {
  unit: { label: "0 to 1", apply: (value) => value / 255 },
  bytes: { label: "0 to 255", apply: (value) => value },
  signed: { label: "−1 to 1", apply: (value) => value / 127.5 - 1 },
  sixteen: { label: "0 to 16", apply: (value) => (value * 16) / 255 },
  imageNet: {
    label: "ImageNet mean and deviation",
    apply: (value, channel) => (value / 255 - (imageNetMean[channel] ?? 0.5)) / (imageNetDeviation[channel] ?? 0.5),
  },
} as const satisfies Readonly<Record<string, PixelScale>>;

export type ScaleName = keyof typeof pixelScales;

/** The signature does not say how a model wants its pixels. These are the habits: bytes as they are, 8 x 8 digits up to 16, others up to 1. */
export function usualScale({ width, height, channels }: ImageLayout, datatype: string): ScaleName {
  if (!isFloat(datatype)) return width === 8 && height === 8 ? "sixteen" : "bytes";
  return width === 8 && height === 8 && channels === 1 ? "sixteen" : "unit";
}

/** Colours from 0 to 255, four to a pixel, become the values of a tensor. Whole numbers where the dtype wants them. */
export function pixelsToValues(colours: ArrayLike<number>, layout: ImageLayout, datatype: string, scale: ScaleName, isInverted: boolean): number[] {
  const { width, height, channels, order } = layout;
  const { apply }: PixelScale = pixelScales[scale];
  const pixels = width * height;
  const values = new Array<number>(pixels * channels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      const colour = channelValue(colours, pixel * 4, channel, channels);
      const value = apply(isInverted && channel < 3 ? 255 - colour : colour, channel);
      const place = order === "CHW" ? channel * pixels + pixel : pixel * channels + channel;
      values[place] = isFloat(datatype) ? Number(value.toFixed(4)) : Math.round(value);
    }
  }
  return values;
}

/** One channel: the brightness as the eye has it (ITU-R BT.601). */
function channelValue(colours: ArrayLike<number>, at: number, channel: number, channels: number): number {
  const [red = 0, green = 0, blue = 0] = [colours[at], colours[at + 1], colours[at + 2]];
  return channels === 1 ? 0.299 * red + 0.587 * green + 0.114 * blue : (colours[at + channel] ?? 0);
}
