import { StateError } from "../errors/index.js";
import type { Clock } from "../clock/index.js";
import { DummyRunnerHandle, type RunnerHandle } from "../handles/index.js";

/** How a runner was initialised. */
export type HandleKind = "workers" | "local" | "client";

/** A handle that is made at once and gets ready later; calls made meanwhile wait in it. */
export type StartingHandle = RunnerHandle & { start?(): Promise<unknown> };

/**
 * The one handle of a runner: `untouched → starting → live → destroying → destroyed`, and from `destroyed` only back by an
 * explicit init. A start that fails makes it untouched again, so that the next call may try once more.
 */
export class HandleSlot {
  #handle: RunnerHandle;
  #state: "untouched" | "starting" | "live" | "destroying" | "destroyed" = "untouched";
  #kind: HandleKind | undefined;
  #starting: Promise<void> | undefined;
  #cutStart: (error: StateError) => void = () => undefined;
  #destroying: Promise<void> | undefined;

  constructor(
    private readonly runnerName: string,
    private readonly clock: Clock,
  ) {
    this.#handle = new DummyRunnerHandle(runnerName);
  }

  /** Where calls go now: the dummy before an init and after `destroy`. */
  get handle(): RunnerHandle {
    return this.#handle;
  }

  /** No handle was ever asked for: a call may start one by itself. */
  get untouched(): boolean {
    return this.#state === "untouched";
  }

  get destroying(): boolean {
    return this.#state === "destroying";
  }

  /**
   * Makes a handle, puts it in at once and starts it. A second init of the same kind shares the first; `given` is the user's own
   * handle, which is the same kind only if it is the same object.
   *
   * @throws StateError (as a rejection) when another handle is in, or is being destroyed.
   */
  install(kind: HandleKind, make: () => StartingHandle, given?: RunnerHandle): Promise<void> {
    if (this.#state === "destroying") return Promise.reject(this.#stateError("is being destroyed; await destroy() before another init"));
    if (this.#state === "starting" || this.#state === "live") {
      const same = kind === this.#kind && (kind !== "client" || given === this.#handle);
      return same ? (this.#starting ?? Promise.resolve()) : Promise.reject(this.#alreadyInitialised());
    }
    let handle: StartingHandle;
    try {
      handle = make();
    } catch (error) {
      return Promise.reject(error);
    }
    this.#handle = handle;
    this.#kind = kind;
    this.#state = "starting";
    this.#starting = this.#start(handle);
    return this.#starting;
  }

  /** True when a call would be run now. Waits up to `timeoutMs` in all for a handle that is starting; starts nothing. */
  async isReady(timeoutMs: number): Promise<boolean> {
    const end = this.clock.now() + timeoutMs;
    if (this.#starting !== undefined) await this.#settlesBefore(this.#starting, end, true);
    return this.#handle.isReady(Math.max(end - this.clock.now(), 0));
  }

  /**
   * Lets accepted calls finish, for at most `graceMs` in all, then puts the dummy back. A handle that is still starting gets that time
   * too: calls may wait in it. Destroying twice is the same as once.
   */
  destroy(graceMs: number): Promise<void> {
    this.#destroying ??= this.#destroy(graceMs);
    return this.#destroying;
  }

  async #start(handle: StartingHandle): Promise<void> {
    const cut = new Promise<never>((_resolve, reject) => {
      this.#cutStart = reject;
    });
    try {
      await Promise.race([handle.start?.(), cut]);
      if (this.#state === "starting") this.#state = "live";
    } catch (error) {
      if (this.#state === "starting") this.#reset("untouched");
      throw error;
    } finally {
      this.#starting = undefined;
    }
  }

  async #destroy(graceMs: number): Promise<void> {
    const end = this.clock.now() + graceMs;
    const handle = this.#handle;
    const starting = this.#starting;
    this.#state = "destroying";
    try {
      if (starting !== undefined && !(await this.#settlesBefore(starting, end, false))) {
        this.#cutStart(this.#stateError("was destroyed before it was ready"));
      }
      await handle.close(Math.max(end - this.clock.now(), 0));
    } finally {
      this.#reset("destroyed");
      this.#destroying = undefined;
    }
  }

  #reset(state: "untouched" | "destroyed"): void {
    this.#handle = new DummyRunnerHandle(this.runnerName);
    this.#kind = undefined;
    this.#state = state;
  }

  /** Whether the promise settles, in either way, before that time. Waiting in the background does not keep the process alive. */
  async #settlesBefore(promise: Promise<unknown>, end: number, background: boolean): Promise<boolean> {
    let cancel: () => void = () => undefined;
    const late = new Promise<false>((resolve) => {
      cancel = this.clock.at(end, () => resolve(false), background);
    });
    const settled = promise.then(
      () => true,
      () => true,
    );
    const inTime = await Promise.race([settled, late]);
    cancel();
    return inTime;
  }

  #alreadyInitialised(): StateError {
    return this.#stateError(`is already initialised (${this.#kind ?? ""}); await destroy() before another init`);
  }

  #stateError(what: string): StateError {
    return new StateError(`Runner "${this.runnerName}" ${what}.`);
  }
}
