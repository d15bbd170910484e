import type { ImageFormat } from "./image-format.js";

/** What becomes of an image: steps in the order in which they are taken. All are optional. */
export interface ImageRecipe {
  /** Files to take. Default: all that can be read. */
  readonly formats?: readonly ImageFormat[];
  /** How large images may be. Default: those of ImageLimits. */
  readonly limits?: ImageLimits;
  /** Which faults of a file refuse it, from lax to strict; a file that is cut short is always refused. Default `"error"`. */
  readonly failOn?: "truncated" | "error" | "warning";
  /** Whether a photo is turned as its EXIF orientation says. Default true. */
  readonly orient?: boolean;
  /** Of an animated file, the first frame or all of them, which are then the rows of the batch. Default `"first"`. */
  readonly frames?: "first" | "all";
  /** Cuts away edges of the colour of the top left pixel, and what differs from it by no more than `threshold` (0 to 255, default 10). */
  readonly trim?: boolean | { readonly threshold?: number };
  /** The size that images get. Default: the one that they have. */
  readonly resize?: ResizeRecipe;
  /** Cuts this size out of the middle of what `resize` with `shortestSide`, or with width and height, made. A number is a square. */
  readonly crop?: number | { readonly width: number; readonly height: number };
  /** What is left of the colours. Embedded profiles, and CMYK, are converted to sRGB first. Default `"srgb"`. */
  readonly colourSpace?: "srgb" | "grey";
  /** `"remove"` drops the alpha channel, a background (`"#ffffff"`) is put behind it, `"keep"` adds an opaque one where there is none. Default `"remove"`. */
  readonly alpha?: "remove" | "keep" | { readonly background: string };
  /** Bits of a channel while pixels are worked on. Default: 16 for dtype uint16, otherwise 8. */
  readonly bitDepth?: 8 | 16;
  /** Whether light and dark change places; alpha stays. Default false. */
  readonly invert?: boolean;
  /** First factor of each value; `(value * scale - mean) / std`. Default: 1/255, or 1/65535 for 16 bits. For dtypes of floats only. */
  readonly scale?: number;
  /** One number, or one for each channel. Default 0. For dtypes of floats only. */
  readonly mean?: number | readonly number[];
  /** One number, or one for each channel; not 0. Default 1. For dtypes of floats only. */
  readonly std?: number | readonly number[];
  /** Order of the dims: batch, channels, height, width, or channels last. Default `"NCHW"`. */
  readonly layout?: "NCHW" | "NHWC";
  /** Default `"float32"`. float16 is its bits in a Uint16Array. */
  readonly dtype?: "uint8" | "uint16" | "float16" | "float32";
  /** How `encode` writes images. Default PNG. */
  readonly encode?: EncodeRecipe;
}

/** What a file may have at most. */
export interface ImageLimits {
  /** Of the file. Default 33,554,432. */
  readonly maxBytes?: number;
  /** Width x height of the file's image, of all frames together where all are taken. Default 100,000,000. */
  readonly maxPixels?: number;
  /** Where all frames are taken. Default 64. */
  readonly maxFrames?: number;
}

/** The size that images get: that of one side, or width and height. */
export interface ResizeRecipe {
  /** The shorter side gets this length, the other follows. */
  readonly shortestSide?: number;
  /** The longer side gets this length, the other follows. */
  readonly longestSide?: number;
  /** In pixels. */
  readonly width?: number;
  /** In pixels. */
  readonly height?: number;
  /** With width and height: cut what is too much (`"cover"`), add `background` (`"contain"`), or stretch (`"fill"`). Default `"cover"`. */
  readonly fit?: "cover" | "contain" | "fill";
  /** For `"contain"`. Default `"#000000"`. */
  readonly background?: string;
  /** `linear` is Pillow's BILINEAR, `cubic` BICUBIC, `lanczos3` LANCZOS. Default `"linear"`. */
  readonly kernel?: ResizeKernel;
  /** Whether a JPEG or WebP that is more than twice too large may be made smaller while it is decoded: faster, less exact. Default true. */
  readonly fastShrinkOnLoad?: boolean;
}

/** How new pixels are worked out of old ones. */
export type ResizeKernel = "nearest" | "linear" | "cubic" | "mitchell" | "lanczos2" | "lanczos3";

/** How `encode` writes an image file. */
export interface EncodeRecipe {
  /** The file's format. Default "png". */
  readonly format?: "png" | "jpeg" | "webp" | "tiff" | "avif";
  /** 1 to 100, for JPEG, WebP and AVIF. Default: sharp's. */
  readonly quality?: number;
  /** For WebP and AVIF. Default false. */
  readonly lossless?: boolean;
}

/** A recipe with every default filled in. */
export interface CheckedRecipe {
  /** Files to take. */
  readonly formats: readonly ImageFormat[];
  /** How large images may be. */
  readonly limits: Required<ImageLimits>;
  /** Which faults of a file refuse it. */
  readonly failOn: "truncated" | "error" | "warning";
  /** Whether a photo is turned as its EXIF orientation says. */
  readonly orient: boolean;
  /** Of an animated file, the first frame or all of them. */
  readonly frames: "first" | "all";
  /** How far edges may differ from the top left pixel, 0 to 255; undefined does not trim. */
  readonly trimThreshold: number | undefined;
  /** The size that images get; undefined leaves it. */
  readonly resize: CheckedResize | undefined;
  /** What is cut out of the middle, in pixels; undefined cuts nothing. */
  readonly crop: { readonly width: number; readonly height: number } | undefined;
  /** What is left of the colours. */
  readonly colourSpace: "srgb" | "grey";
  /** What becomes of the alpha channel. */
  readonly alpha: "remove" | "keep" | { readonly background: string };
  /** Bits of a channel while pixels are worked on. */
  readonly bitDepth: 8 | 16;
  /** Whether light and dark change places. */
  readonly invert: boolean;
  /** First factor of each value. */
  readonly scale: number;
  /** One number for each channel. */
  readonly mean: readonly number[];
  /** One number for each channel. */
  readonly std: readonly number[];
  /** Order of the dims. */
  readonly layout: "NCHW" | "NHWC";
  /** Type of the tensor's elements. */
  readonly dtype: "uint8" | "uint16" | "float16" | "float32";
  /** How `encode` writes images. */
  readonly encode: EncodeRecipe & { readonly format: NonNullable<EncodeRecipe["format"]> };
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: number;
}

/** How images get their size: by the length of one side, or by width and height, in pixels. */
export type CheckedResize = { readonly kernel: ResizeKernel; readonly fastShrinkOnLoad: boolean } & (
  | { readonly fit: "shortest" | "longest"; readonly side: number }
  | { readonly fit: "cover" | "contain" | "fill"; readonly width: number; readonly height: number; readonly background: string }
);
