import type { ServableRunner } from "./served-model.js";

/** A name, and the runner that must be ready for it. */
export interface Probed {
  readonly name: string;
  readonly runner: Pick<ServableRunner, "runnerHandleIsReady">;
}

/** Answers whether models are ready: their runners say so within the time, and the server is not closing. */
export class Readiness {
  readonly #timeoutMs: number;
  readonly #isDraining: () => boolean;
  readonly #isStarting: () => boolean;

  /** @param isStarting whether something besides the runners has to be done first. */
  constructor(timeoutMs: number, isDraining: () => boolean, isStarting: () => boolean = () => false) {
    this.#timeoutMs = timeoutMs;
    this.#isDraining = isDraining;
    this.#isStarting = isStarting;
  }

  /** Undefined when all models are ready, otherwise why they are not. */
  async whyNot(models: readonly Probed[]): Promise<string | undefined> {
    if (this.#isDraining()) return "the server is closing";
    if (this.#isStarting()) return "the service is starting";
    const states = await Promise.all(models.map(async (model) => ({ model, isReady: await this.#isReady(model.runner) })));
    const waiting = states.filter(({ isReady }) => !isReady).map(({ model }) => model.name);
    return waiting.length === 0 ? undefined : `not ready: ${waiting.join(", ")}`;
  }

  async #isReady(runner: Probed["runner"]): Promise<boolean> {
    try {
      return await runner.runnerHandleIsReady(this.#timeoutMs);
    } catch {
      // A runner that cannot be asked is as little ready as one that says no.
      return false;
    }
  }
}
