const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of so many characters, filled by the share 0..1, and the share in whole percent. */
export function renderBar(share: number, width: number): string {
  const filled = Math.max(0, Math.min(1, share)) * width;
  const whole = Math.floor(filled);
  const part = eighths[Math.floor((filled - whole) * 8)] ?? "";
  const bar = `${"█".repeat(whole)}${part}`.padEnd(width, "░");
  return `${bar} ${String(Math.floor(share * 100)).padStart(3)} %`;
}
