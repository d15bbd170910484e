import { styleText } from "node:util";
import { renderBar } from "./progress-bar.js";

type Style = Parameters<typeof styleText>[0];

const redrawMs = 100;

/** Where the output goes. Colours and a moving bar are for terminals; everything else gets plain lines. */
export class Screen {
  readonly #stream: NodeJS.WriteStream;
  readonly #hasColours: boolean;
  #drawnAt = 0;

  constructor(stream: NodeJS.WriteStream = process.stdout) {
    this.#stream = stream;
    this.#hasColours = stream.isTTY && (process.env["NO_COLOR"] ?? "") === "";
  }

  line(text = ""): void {
    this.#stream.write(`${text}\n`);
  }

  done(text: string): void {
    this.line(`  ${this.style("green", "✔")} ${text}`);
  }

  style(style: Style, text: string): string {
    return this.#hasColours ? styleText(style, text) : text;
  }

  /** Shows what is being done until the next call of `done`, `progress` or `clear`. */
  doing(text: string): void {
    if (this.#stream.isTTY) this.#stream.write(`  … ${text}`);
  }

  /** Moves the bar. Cheap to call often. */
  progress(done: number, total: number, noun: string): void {
    if (!this.#stream.isTTY || (done < total && performance.now() - this.#drawnAt < redrawMs)) return;
    this.#drawnAt = performance.now();
    const width = Math.max(10, Math.min(40, this.#stream.columns - 50));
    this.#stream.write(`\r  ${renderBar(done / total, width)}  ${done.toLocaleString("en")} of ${total.toLocaleString("en")} ${noun}`);
  }

  /** Takes away what `doing` or `progress` wrote. */
  clear(): void {
    if (this.#stream.isTTY) this.#stream.write("\r\u001b[2K");
  }
}
