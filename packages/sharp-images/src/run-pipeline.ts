import type { OutputInfo, Sharp } from "sharp";

/** What a pipeline gave. */
export interface PipelineResult {
  /** In sharp's memory, which cannot be transferred to another thread: to give them away, copy them. */
  readonly bytes: Uint8Array;
  readonly info: OutputInfo;
}

/** Not by `toUint8Array`, which in sharp 0.35.5 never frees the memory that it has copied its result from: one image's pixels a call. */
export async function runPipeline(pipeline: Sharp): Promise<PipelineResult> {
  const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
  // A Buffer's slice would be no copy.
  return { bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), info };
}
