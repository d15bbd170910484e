/** A time as the clock on the wall shows it: `2026-11-21 21:53:16`. */
export function localTime(time: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  return `${day} ${[two(time.getHours()), two(time.getMinutes()), two(time.getSeconds())].join(":")}`;
}
