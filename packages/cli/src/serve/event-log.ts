import type { OutputStream } from "../cli-context.js";
import { oneLine } from "../one-line.js";
import type { Styles } from "../styles.js";

/** Writes one line per event, with the time of day. */
export interface EventLog {
  tell(text: string): void;
  warn(text: string): void;
}

export function eventLog(stream: OutputStream, styles: Styles, now: () => Date = () => new Date()): EventLog {
  const write = (text: string): void => {
    stream.write(`${styles.dim(now().toTimeString().slice(0, 8))}  ${text}\n`);
  };
  return {
    tell: (text) => write(oneLine(text)),
    warn: (text) => write(styles.yellow(oneLine(text))),
  };
}
