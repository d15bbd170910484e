const LASTS_MS = 1_000;

let text = "";
let madeAt = -Infinity;

/** The time as the header `Date` has it, at most a second old. */
export function httpDate(): string {
  const now = Date.now();
  // A clock that was set back makes a new one as well.
  if (now - madeAt >= LASTS_MS || now < madeAt) {
    madeAt = now - (now % LASTS_MS);
    text = new Date(now).toUTCString();
  }
  return text;
}
