/** A number for people: three digits that count, thousands apart. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0 || Math.abs(value) >= 100) return value.toLocaleString("en", { maximumFractionDigits: 0 });
  return value.toLocaleString("en", { maximumSignificantDigits: 3 });
}

/** So many a second: tenths count for little. */
export function rateText(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 1 : 0 });
}

/** Milliseconds, or seconds from ten thousand on. */
export function durationText(milliseconds: number): string {
  return milliseconds >= 10_000 ? `${numberText(milliseconds / 1000)} s` : `${numberText(milliseconds)} ms`;
}

/** `1.2 kB` */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${numberText(bytes / 1000)} kB` : `${numberText(bytes / 1e6)} MB`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
