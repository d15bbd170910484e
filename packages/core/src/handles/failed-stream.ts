import { ItemStream, type ItemSource } from "./item-stream.js";

/** A stream that cannot begin: its first `next()` rejects with `error`, or with what that promise rejects with, and then it is done. */
export function failedStream(error: unknown): AsyncGenerator<never, undefined, undefined> {
  return new FailedSource(error).items as AsyncGenerator<never, undefined, undefined>;
}

class FailedSource implements ItemSource<never> {
  readonly items: ItemStream<never> = new ItemStream(this);

  constructor(private readonly error: unknown) {}

  start(): void {
    const fail = (reason: unknown): void => this.items.fail(reason);
    if (this.error instanceof Promise) this.error.then(fail, fail);
    else fail(this.error);
  }

  wanted(): void {
    // Nothing will come but the error, which comes by itself.
  }

  satisfied(): void {
    // As above.
  }

  read(item: never): never {
    return item;
  }

  cancel(): void {
    this.items.end();
  }
}
