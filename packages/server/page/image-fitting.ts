import type { ImageLayout } from "./image-layout.js";

/** A part of a picture, in its pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How far a pixel's brightness may be from the paper's and still be paper. */
const PAPER_TOLERANCE = 40;

/** Grey models up to this side read one sign, others look at a whole picture. */
const LARGEST_SIGN = 64;

/**
 * Draws a picture as the model wants it and answers its colours, four to a pixel. A model for one sign gets what is drawn, cut out of the
 * paper and centred, as digits are in the usual sets; others get the picture, filling the frame.
 */
export function fitPicture(picture: CanvasImageSource, size: { readonly width: number; readonly height: number }, layout: ImageLayout): Uint8ClampedArray {
  const whole = pixelsOf(picture, size);
  const isOneSign = layout.channels === 1 && Math.max(layout.width, layout.height) <= LARGEST_SIGN;
  const paper = paperOf(whole.data);
  const from = (isOneSign ? boxOfDrawing(whole.data, size, paper) : undefined) ?? { left: 0, top: 0, ...size };
  const to = isOneSign ? containBox(from, layout) : coverBox(from, layout);
  return averaged(whole.data, size, from, to, layout, paper);
}

function pixelsOf(picture: CanvasImageSource, { width, height }: { width: number; height: number }): ImageData {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser cannot draw");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** Brightness of the corners' colour, most of the time that of what is behind. */
function paperOf(data: Uint8ClampedArray): number {
  return brightness(data, 0);
}

function brightness(data: ArrayLike<number>, at: number): number {
  return 0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0);
}

/** Whether what is behind a drawing is bright: models of one channel have learnt from light on dark. */
export function isOnLightPaper(colours: ArrayLike<number>): boolean {
  return brightness(colours, 0) > 127;
}

/** The smallest box around all that is not paper; undefined when there is nothing. */
export function boxOfDrawing(data: ArrayLike<number>, { width, height }: { width: number; height: number }, paper: number): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (Math.abs(brightness(data, (y * width + x) * 4) - paper) <= PAPER_TOLERANCE) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** As large as it goes with all of it inside. The 28 x 28 sets leave a margin of four pixels, the 8 x 8 ones none. */
export function containBox(from: Box, { width, height }: ImageLayout): Box {
  const margin = Math.min(width, height) >= 28 ? Math.round(Math.min(width, height) / 7) : 0;
  const scale = Math.min((width - 2 * margin) / from.width, (height - 2 * margin) / from.height);
  return centred(from, scale, width, height);
}

function coverBox(from: Box, { width, height }: ImageLayout): Box {
  return centred(from, Math.max(width / from.width, height / from.height), width, height);
}

function centred(from: Box, scale: number, width: number, height: number): Box {
  const size = { width: from.width * scale, height: from.height * scale };
  return { left: (width - size.width) / 2, top: (height - size.height) / 2, ...size };
}

/** Each pixel is the mean of what it covers, which canvas does not promise for such steps down. */
function averaged(data: Uint8ClampedArray, size: { width: number; height: number }, from: Box, to: Box, { width, height }: ImageLayout, paper: number): Uint8ClampedArray {
  const across = coverage(width, from.left, from.width, to.left, to.width, size.width);
  const down = coverage(height, from.top, from.height, to.top, to.height, size.height);
  const answer = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        answer[(y * width + x) * 4 + channel] = meanOf(data, size.width, across[x] as Coverage, down[y] as Coverage, channel, paper);
      }
    }
  }
  return answer;
}

/** The source pixels under one target pixel along one axis; `share` of it is covered at all. */
interface Coverage {
  readonly first: number;
  readonly last: number;
  readonly share: number;
}

function coverage(count: number, fromStart: number, fromLength: number, toStart: number, toLength: number, limit: number): Coverage[] {
  const scale = fromLength / toLength;
  return Array.from({ length: count }, (_, index) => {
    const start = Math.max(index, toStart);
    const end = Math.min(index + 1, toStart + toLength);
    const first = Math.min(limit - 1, Math.floor(fromStart + (start - toStart) * scale));
    const last = Math.min(limit - 1, Math.max(first, Math.ceil(fromStart + (end - toStart) * scale) - 1));
    return { first, last, share: Math.max(0, end - start) };
  });
}

function meanOf(data: Uint8ClampedArray, stride: number, across: Coverage, down: Coverage, channel: number, paper: number): number {
  const share = across.share * down.share;
  if (share <= 0) return paper;
  let sum = 0;
  for (let y = down.first; y <= down.last; y++) {
    for (let x = across.first; x <= across.last; x++) sum += data[(y * stride + x) * 4 + channel] ?? 0;
  }
  const mean = sum / ((down.last - down.first + 1) * (across.last - across.first + 1));
  return mean * share + paper * (1 - share);
}
