const units: readonly string[] = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A number of bytes in the largest unit that leaves 1 or more, with two decimals: `150.73 KiB`. */
export function byteSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${size.toFixed(2)} ${units[unit] ?? ""}`;
}
