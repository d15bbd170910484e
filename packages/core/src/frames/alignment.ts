/** Every buffer begins at a multiple of so many bytes: enough for a view of any dtype. */
export const ALIGNMENT = 8;

const ZEROS = /* @__PURE__ */ new Uint8Array(ALIGNMENT);
const PADDINGS: readonly Uint8Array[] = /* @__PURE__ */ Array.from({ length: ALIGNMENT }, (_unused, length) => ZEROS.subarray(0, length));

/** The next multiple of 8, for lengths beyond 32 bits too. */
export function aligned(length: number): number {
  return length + ((ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT);
}

/** The zero bytes between `length` bytes and the next multiple of 8. Shared: not to be changed or transferred. */
export function paddingAfter(length: number): Uint8Array {
  return PADDINGS[aligned(length) - length] as Uint8Array;
}

/** Whether the bytes from `start` to `end` are zero. */
export function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (bytes[index] !== 0) return false;
  return true;
}
