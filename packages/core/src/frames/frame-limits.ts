/** What a reader takes at most; checked against what a frame declares, before anything is allocated for it. */
export interface FrameLimits {
  /** Bytes of a whole frame or body. */
  readonly maxFrameBytes: number;
  /** Bytes of a frame's JSON header, and of a `Payload-Meta` header. */
  readonly maxHeaderBytes: number;
  /** Lists and records in each other in the JSON header. */
  readonly maxHeaderDepth: number;
  /** Payloads of a frame. */
  readonly maxPayloads: number;
  /** Buffers of all payloads of a frame together. */
  readonly maxBuffers: number;
}

/** One gigabyte of 256 arguments, with headers that are small beside it. */
export const defaultFrameLimits: FrameLimits = {
  maxFrameBytes: 1 << 30,
  maxHeaderBytes: 1 << 20,
  maxHeaderDepth: 32,
  maxPayloads: 256,
  maxBuffers: 4096,
};
