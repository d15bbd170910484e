/** Where lines are written to: `process.stdout`, a file, any Writable. */
export interface LogStream {
  /** Gives false when it wants no more until `drain`, as a Writable does. */
  write(text: string): unknown;
  /** How a stream whose `write` gave false tells that it wants more. */
  once?(event: "drain", listener: () => void): unknown;
}

/** Most characters that wait for a stream that wants no more. */
const MOST_WAITING = 1024 * 1024;

/**
 * Lines on their way to a stream. Those of one turn of the event loop are written at once. A stream that is too slow holds nobody up and
 * takes no memory beyond a bound: lines past it are dropped, counted, and told of when the stream takes lines again.
 */
export class LogLines {
  readonly #stream: LogStream;
  /** @param describeDropped the line that tells of so many dropped ones. */
  readonly #describeDropped: (count: number) => string;
  #waiting = "";
  #dropped = 0;
  #isScheduled = false;
  #isFull = false;

  constructor(stream: LogStream, describeDropped: (count: number) => string) {
    this.#stream = stream;
    this.#describeDropped = describeDropped;
  }

  /** @param line without its end. */
  add(line: string): void {
    if (this.#waiting.length + line.length >= MOST_WAITING) {
      this.#dropped++;
      return;
    }
    this.#waiting += `${line}\n`;
    if (this.#isScheduled || this.#isFull) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      if (!this.#isFull) this.flush();
    });
  }

  /** Gives the stream what waits, whether it wants it or not: for the end. */
  flush(): void {
    const dropped = this.#dropped === 0 ? "" : `${this.#describeDropped(this.#dropped)}\n`;
    const text = this.#waiting + dropped;
    this.#waiting = "";
    this.#dropped = 0;
    if (text !== "") this.#write(text);
  }

  #write(text: string): void {
    if (this.#stream.write(text) !== false || this.#isFull) return;
    this.#isFull = true;
    this.#stream.once?.("drain", () => {
      this.#isFull = false;
      this.flush();
    });
  }
}
