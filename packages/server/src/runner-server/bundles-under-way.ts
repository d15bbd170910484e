import type { Cancellation } from "bentoml-core";

/** A request with several calls. */
export interface CancellableBundle {
  /** The caller of the call at this place wants it no more. A place that it does not have is no harm. */
  cancel(place: number): void;
}

/** The requests with several calls that a runner server is answering, by the names that their clients gave them. */
export class BundlesUnderWay {
  readonly #byName = new Map<string, CancellableBundle>();

  /** False when one of this name is under way: then it stays, and the other is refused. */
  add(name: string, bundle: CancellableBundle): boolean {
    if (this.#byName.has(name)) return false;
    this.#byName.set(name, bundle);
    return true;
  }

  delete(name: string): void {
    this.#byName.delete(name);
  }

  /** One that has ended meanwhile, or was never here, is no harm. */
  cancel({ bundle, calls }: Cancellation): void {
    const found = this.#byName.get(bundle);
    for (const place of calls) found?.cancel(place);
  }
}
