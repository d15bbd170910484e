import type { Clock } from "../clock/index.js";
import { defaultRegistry, ownedPayload } from "../containers/index.js";
import { ItemPump, iterableOf, resultPayload } from "../workers/index.js";
import { ItemStream, type ItemSource } from "./item-stream.js";

export interface LocalStreamOptions {
  readonly clock: Clock;
  readonly methodName: string;
  /** Calls the method, when the first item is wanted. */
  readonly begin: (controller: AbortController) => Promise<unknown>;
  readonly onEnded: () => void;
}

/** An item that is held between generator and reader. */
interface HeldItem {
  readonly value: unknown;
}

/**
 * A stream whose generator runs in this thread, one item for each that is wanted. Items are copied as on their way out of a worker,
 * since the generator goes on with its arrays.
 */
export class LocalStream implements ItemSource<HeldItem> {
  readonly items: ItemStream<HeldItem> = new ItemStream(this);
  readonly #options: LocalStreamOptions;
  readonly #pump: ItemPump;
  readonly #controller = new AbortController();
  /** Resolves when the generator has ended, in whatever way; undefined until it begins. */
  ended: Promise<void> | undefined;

  constructor(options: LocalStreamOptions) {
    this.#options = options;
    this.#pump = new ItemPump({ clock: options.clock, room: { items: 0, bytes: Infinity }, send: (item) => this.#send(item) });
  }

  start(): void {
    this.ended = this.#run()
      .then(
        () => this.items.end(),
        (error: unknown) => this.items.fail(error),
      )
      .finally(this.#options.onEnded);
  }

  wanted(): void {
    this.#pump.grant(1, 0);
  }

  satisfied(): void {
    // The generator stands still by itself until the next item is wanted.
  }

  read({ value }: HeldItem): unknown {
    return value;
  }

  cancel(): void {
    this.#controller.abort();
    this.#pump.cancel();
  }

  /** Ends the stream with this error at once; the generator is told, and returns when it can. */
  stop(error: unknown): void {
    this.items.discard();
    this.items.fail(error);
    this.#controller.abort(error);
    this.#pump.cancel();
  }

  async #run(): Promise<void> {
    const result = await this.#options.begin(this.#controller);
    await this.#pump.run(iterableOf(result, this.#options.methodName));
  }

  async #send(item: unknown): Promise<number> {
    const payload = ownedPayload(await resultPayload(item, 0, this.#options.methodName));
    this.items.push({ value: await defaultRegistry.findByName(payload.container).fromPayload(payload) });
    return 0;
  }
}
