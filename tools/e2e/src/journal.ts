import { readFileSync, writeFileSync } from "node:fs";

/** A file into which a fixture, in whichever process, writes a word a line. */
export class Journal {
  constructor(readonly file: string) {
    writeFileSync(file, "");
  }

  count(word: string): number {
    return readFileSync(this.file, "utf8").split("\n").filter((line) => line === word).length;
  }

  /** Resolves when the word was written so many times. */
  async until(word: string, times: number): Promise<void> {
    while (this.count(word) < times) await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
