/** The size of a piece of memory for so many bytes: in powers of two, so that sizes that vary do not allocate each time. */
export function powerOfTwoAtLeast(bytes: number): number {
  let capacity = 1;
  while (capacity < bytes) capacity *= 2;
  return capacity;
}
