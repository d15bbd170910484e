import { allocate, bytesPerElement, viewOf, type Dtype, type DtypeData } from "bentoml-core";

const SLAB_BYTES = 64 * 1024;
/** Larger arrays get memory of their own, as a slab would be used up at once. */
const LARGEST_SHARED_BYTES = 4 * 1024;
const ALIGNMENT = 8;

let slab: ArrayBuffer = new ArrayBuffer(SLAB_BYTES);
let used = 0;

/**
 * Memory for a tensor's elements, all zero. Small ones are cut off a common slab, as Node does for small Buffers: memory of
 * its own for each costs more than reading the tensor. A piece is given out once and lives as long as its slab.
 */
export function allocateNumbers<D extends Exclude<Dtype, "string">>(dtype: D, length: number): DtypeData<D> {
  const bytes = length * bytesPerElement(dtype);
  if (bytes > LARGEST_SHARED_BYTES) return allocate(dtype, length);
  if (used + bytes > SLAB_BYTES) {
    slab = new ArrayBuffer(SLAB_BYTES);
    used = 0;
  }
  const view = viewOf(dtype, slab, used, length);
  used += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
  return view;
}
