/** Decoded pixels: rows from the top, channels together, frames one below the other. In sharp's memory: to give them away, copy them. */
export interface RawPixels {
  readonly data: Uint8Array | Uint16Array;
  readonly width: number;
  /** Of one frame. */
  readonly height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: number;
  readonly frames: number;
}
