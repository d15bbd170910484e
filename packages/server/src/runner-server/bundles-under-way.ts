import type { Cancellation } from "bentoml-core";

/** A request with several calls. */
export interface CancellableBundle {
  /** The caller of the call at this place wants it no more. A place that it does not have is no harm. */
  cancel(place: number): void;
}

/** What a name stands for; nothing any more when the request has ended. */
interface Named {
  bundle: CancellableBundle | undefined;
}

/** The requests with several calls that a runner server is answering, by the names that their clients gave them. */
export class BundlesUnderWay {
  /** Emptied before they leave: a Map that much passes through keeps in memory for long what it has let go, which must not be a whole request. */
  readonly #byName = new Map<string, Named>();

  /** False when one of this name is under way: then it stays, and the other is refused. */
  add(name: string, bundle: CancellableBundle): boolean {
    if (this.#byName.has(name)) return false;
    this.#byName.set(name, { bundle });
    return true;
  }

  delete(name: string): void {
    const named = this.#byName.get(name);
    if (named !== undefined) named.bundle = undefined;
    this.#byName.delete(name);
  }

  /** One that has ended meanwhile, or was never here, is no harm. */
  cancel({ bundle, calls }: Cancellation): void {
    const found = this.#byName.get(bundle);
    for (const place of calls) found?.bundle?.cancel(place);
  }
}
